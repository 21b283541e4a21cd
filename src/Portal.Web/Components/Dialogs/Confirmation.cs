namespace Portal.Web.Components.Dialogs;

/// <summary>A question before something that can't be undone.</summary>
/// <param name="Title">As a question: <c>Remove the container 'web'?</c></param>
/// <param name="Action">The button's words, such as <c>Remove</c>.</param>
/// <param name="Text">What will happen.</param>
/// <param name="Losses">What will be lost, one by one.</param>
/// <param name="TypeToConfirm">What must be typed before the button works; null for no such demand.</param>
public sealed record Confirmation(
    string Title, string Action, string Text, IReadOnlyList<string> Losses, string? TypeToConfirm = null);
