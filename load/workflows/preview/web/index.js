// Each e-mail is shown in its whole height.
for (const frame of document.querySelectorAll("iframe")) {
  const fit = () => {
    const page = frame.contentDocument && frame.contentDocument.documentElement;
    if (page) frame.height = Math.ceil(page.getBoundingClientRect().height);
  };
  frame.addEventListener("load", fit);
  fit();
}
