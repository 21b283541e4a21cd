// Passkeys on the plain forms of signing in and of one's account: <form data-passkey="get|create" data-passkey-options="URL">. The form is
// held back until the browser has made or found a passkey, which then goes with it. Fields with data-passkey-field go with the question for a challenge.

import { text } from "./texts.js";

const offered = window.isSecureContext
  && typeof PublicKeyCredential === "function"
  && typeof PublicKeyCredential.parseCreationOptionsFromJSON === "function"
  && !/^[\d.]+$|:/.test(location.hostname);

async function challenge(form) {
  const body = new URLSearchParams();
  body.set("__RequestVerificationToken", form.elements.__RequestVerificationToken.value);
  for (const field of form.querySelectorAll("[data-passkey-field]")) {
    body.set(field.name, field.value);
  }

  const answer = await fetch(form.dataset.passkeyOptions, { method: "POST", body });
  if (!answer.ok) {
    throw new Error(await answer.text() || text("The portal answered with status {0}.", answer.status));
  }

  return answer.json();
}

async function prove(form) {
  const options = await challenge(form);
  if (form.dataset.passkey === "create") {
    return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) });
  }

  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
}

function explain(failure) {
  switch (failure.name) {
    case "NotAllowedError": return text("It was cancelled, or it took too long. Try again.");
    case "InvalidStateError": return text("This device has a passkey for your account already.");
    case "SecurityError": return text("The browser allows no passkeys for this address.");
    default: return failure.message;
  }
}

async function submit(form) {
  const error = form.querySelector("[data-passkey-error]");
  error.hidden = true;
  form.setAttribute("aria-busy", "true");
  try {
    form.elements["Input.Credential"].value = JSON.stringify(await prove(form));
    form.submit();
  } catch (failure) {
    error.textContent = explain(failure);
    error.hidden = false;
  } finally {
    form.removeAttribute("aria-busy");
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = !offered;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(form);
  });
}

for (const note of document.querySelectorAll("[data-passkey-missing]")) {
  note.hidden = offered;
}
