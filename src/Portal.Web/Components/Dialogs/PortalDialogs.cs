using Microsoft.AspNetCore.Components;
using Radzen;

namespace Portal.Web.Components.Dialogs;

/// <summary>Dialogs and short notices, so that pages need not know the component library's.</summary>
/// <remarks>One per circuit.</remarks>
public sealed class PortalDialogs(DialogService dialogs, NotificationService notices)
{
    /// <summary>Asks before something that can't be undone.</summary>
    /// <returns>True when the user confirmed.</returns>
    public async Task<bool> ConfirmAsync(Confirmation confirmation)
    {
        var parameters = new Dictionary<string, object?> { [nameof(ConfirmationContent.Confirmation)] = confirmation };
        return await dialogs.OpenAsync<ConfirmationContent>(confirmation.Title, parameters!, Options("480px")) is true;
    }

    /// <summary>Opens a dialog of one's own; it closes itself with <see cref="Close"/>.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="parameters">The component's parameters by name.</param>
    /// <param name="width">As in CSS; narrow screens make it narrower.</param>
    /// <returns>What it was closed with, or null when it was dismissed.</returns>
    public async Task<object?> OpenAsync<TContent>(string title, Dictionary<string, object?>? parameters = null, string width = "560px")
        where TContent : ComponentBase
        => await dialogs.OpenAsync<TContent>(title, parameters!, Options(width));

    /// <summary>Closes the dialog on top.</summary>
    public void Close(object? result = null) => dialogs.Close(result);

    /// <summary>Says for a few seconds that something was done.</summary>
    public void Done(string text) => notices.Notify(NotificationSeverity.Success, text, duration: 4000);

    /// <summary>Says that something failed, where there is no place beside it to say so.</summary>
    public void Failed(string title, string text) => notices.Notify(NotificationSeverity.Error, title, Told(text), duration: 12000);

    private static DialogOptions Options(string width) => new()
    {
        Width = width,
        CloseDialogOnEsc = true,
        CloseDialogOnOverlayClick = false,
        AutoFocusFirstElement = true,
    };
}
