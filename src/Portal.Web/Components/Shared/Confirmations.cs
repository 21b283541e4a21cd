using Portal.Web.Components.Dialogs;

namespace Portal.Web.Components.Shared;

/// <summary>Asks before something is lost, in one sentence. <see cref="PortalDialogs.ConfirmAsync"/> lists several losses.</summary>
public sealed class Confirmations(PortalDialogs dialogs)
{
    /// <summary>True when the person confirmed; false when the dialog was closed in any other way.</summary>
    /// <param name="title">The question, with the object's name.</param>
    /// <param name="lost">What will be lost, and what stays.</param>
    /// <param name="confirm">The verb on the button.</param>
    public Task<bool> AskAsync(string title, string lost, string confirm) =>
        dialogs.ConfirmAsync(new Confirmation(title, confirm, lost, []));
}
