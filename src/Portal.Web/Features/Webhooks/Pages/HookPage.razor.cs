using Portal.Data.Entities.Webhooks;
using Portal.Web.Components.Dialogs;
using Portal.Web.Features.Webhooks.Matching;

namespace Portal.Web.Features.Webhooks.Pages;

/// <summary>A webhook and its deliveries, live.</summary>
public sealed partial class HookPage
{
    private const int MostShown = 200;
    private IReadOnlyList<WebhookDelivery>? _deliveries;

    private string Address => HookWords.AddressOf(Navigation.BaseUri, HookId, Line!.Provider.Provider, null);

    private string Subtitle => T("{0} calls, and {1} on {2} follows", T(Line!.Provider.Title), Line.StackName, Line.Stack.NodeName);

    private string Counts => HookWords.Counting(Line!.Provider, HookFilters.Parse(Line.Hook.Filters));

    protected override async Task ReadMoreAsync() =>
        _deliveries = await Directory.DeliveriesAsync(User, HookId, null, MostShown, Closed);

    private async Task EditAsync()
    {
        var parameters = new Dictionary<string, object?> { [nameof(HookDialog.Line)] = Line };
        await Dialogs.OpenAsync<HookDialog>(T("Change the webhook"), parameters, "640px");
        await ReadAsync();
    }

    private Task SwitchAsync() => DoAsync(async () =>
    {
        await Directory.SetEnabledAsync(User, HookId, !Line!.Hook.Enabled, CancellationToken.None);
        return null;
    });

    private async Task RotateAsync()
    {
        var confirmation = new Confirmation(
            T("Give '{0}' a new secret?", Line!.Name),
            T("New secret"),
            T("The one before is good no more: enter the new one where it is called from."),
            []);
        if (await Dialogs.ConfirmAsync(confirmation))
        {
            HookMade? made = null;
            await DoAsync(async () =>
            {
                made = await Directory.RotateAsync(User, HookId, CancellationToken.None);
                return null;
            });
            if (made is not null)
            {
                await Dialogs.OpenAsync<HookSecret>(T("The new secret"), new()
                {
                    [nameof(HookSecret.Hook)] = made.Id,
                    [nameof(HookSecret.Provider)] = Line.Provider,
                    [nameof(HookSecret.Secret)] = made.Secret,
                }, "640px");
            }
        }
    }

    private async Task RemoveAsync()
    {
        var confirmation = new Confirmation(
            T("Remove the webhook '{0}'?", Line!.Name),
            T("Remove"),
            T("Whoever calls it is refused from then on."),
            [T("Its deliveries and what became of them")]);
        if (await Dialogs.ConfirmAsync(confirmation))
        {
            await DoAsync(async () =>
            {
                await Directory.RemoveAsync(User, HookId, CancellationToken.None);
                Navigation.NavigateTo("webhooks");
                return null;
            });
        }
    }

    private Task RedeliverAsync(WebhookDelivery delivery) => DoAsync(async () =>
        await Directory.RedeliverAsync(User, HookId, delivery.Id, CancellationToken.None) is null ? null : T("It is delivered once more."));
}
