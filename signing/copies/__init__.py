"""What people see and print: the visual copy, its marks and sheets, the form to sign with a pen."""
