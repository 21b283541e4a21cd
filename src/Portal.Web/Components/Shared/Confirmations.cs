using Radzen;

namespace Portal.Web.Components.Shared;

/// <summary>Asks before something is lost, and names what.</summary>
public sealed class Confirmations(DialogService dialogs)
{
    /// <summary>True when the person confirmed; false when the dialog was closed in any other way.</summary>
    /// <param name="title">The question, with the object's name.</param>
    /// <param name="lost">What will be lost, and what stays.</param>
    /// <param name="confirm">The verb on the button.</param>
    public async Task<bool> AskAsync(string title, string lost, string confirm)
    {
        var options = new DialogOptions { Width = "min(460px, calc(100vw - 24px))", CloseDialogOnEsc = true, AutoFocusFirstElement = true };
        var parameters = new Dictionary<string, object?> { [nameof(ConfirmDialog.Lost)] = lost, [nameof(ConfirmDialog.Confirm)] = confirm };
        return await dialogs.OpenAsync<ConfirmDialog>(title, parameters, options) is true;
    }
}
