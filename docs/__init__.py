"""What is written about Marshrut; `python -m docs.draw` draws its generated parts anew."""
