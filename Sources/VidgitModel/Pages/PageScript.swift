/// What moves on a published page: the edge between two pictures. Without it both are shown.
enum PageScript {
  static let text = """
    for (const wipe of document.querySelectorAll(".wipe")) {
      const range = wipe.querySelector("input");
      const show = () => {
        wipe.style.setProperty("--at", range.value + "%");
        range.setAttribute("aria-valuetext", range.value + " % " + range.dataset.before + ", "
          + (100 - range.value) + " % " + range.dataset.after);
      };
      const follow = (event) => {
        const box = wipe.getBoundingClientRect();
        range.value = Math.round((event.clientX - box.left) / box.width * 100);
        show();
      };
      range.addEventListener("input", show);
      range.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        range.focus({ focusVisible: false, preventScroll: true });
        range.setPointerCapture(event.pointerId);
        follow(event);
      });
      range.addEventListener("pointermove", (event) => { if (event.buttons) follow(event); });
      range.disabled = false;
      wipe.classList.add("live");
      show();
    }
    """
}
