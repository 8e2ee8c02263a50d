// Choosing documents to sign: "all on this page" without loading it again, and how many are chosen.
"use strict";

(() => {
  const form = document.querySelector('[data-part="choice"]');
  if (!form) return;
  const boxes = [...form.querySelectorAll("input[name=document]:enabled")];
  const count = form.querySelector('[data-part="count"]');

  function tell() {
    count.textContent = `${count.dataset.words} ${boxes.filter((box) => box.checked).length}`;
  }

  form.querySelector('[data-part="all"]').addEventListener("click", (event) => {
    event.preventDefault();
    const every = boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = !every;
    tell();
  });
  form.addEventListener("change", tell);
  tell();
})();
