using Microsoft.AspNetCore.Components;
using Portal.Contracts.Permissions;
using Portal.Data.Entities.Webhooks;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;
using Portal.Web.Features.Webhooks.Matching;
using Portal.Web.Features.Stacks;

namespace Portal.Web.Features.Webhooks.Pages;

/// <summary>A webhook and its deliveries, live.</summary>
public sealed partial class HookPage
{
    private const int MostShown = 200;
    private static readonly TimeSpan s_refresh = TimeSpan.FromSeconds(2);

    private HookLine? _line;
    private IReadOnlyList<WebhookDelivery>? _deliveries;
    private bool _loaded;
    private string? _error;

    [Parameter]
    public Guid HookId { get; set; }

    [Inject]
    internal HookDirectory Directory { get; init; } = null!;

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    protected override string ViewPermission => PermissionNames.HooksView;

    private bool MayEdit => Access.Allows(PermissionNames.HooksEdit, _line!.Stack.Scope())
        && Access.Allows(PermissionNames.StacksDeploy, _line.Stack.Scope());

    private string Address => HookWords.AddressOf(Navigation.BaseUri, HookId, _line!.Provider.Provider, null);

    private string Counts => HookWords.Counting(_line!.Provider, HookFilters.Parse(_line.Hook.Filters));

    protected override async Task OnParametersSetAsync() => await ReadAsync();

    protected override void OnAfterRender(bool firstRender)
    {
        base.OnAfterRender(firstRender);
        if (firstRender)
        {
            _ = PageRefresh.RunAsync(s_refresh, Time, () => InvokeAsync(async () =>
            {
                await ReadAsync();
                StateHasChanged();
            }), Closed);
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            _line = await Directory.FindAsync(User, HookId, Closed);
            _deliveries = await Directory.DeliveriesAsync(User, HookId, null, MostShown, Closed);
            _error = null;
        }
        catch (Exception failure) when (failure.IsDatabaseAway())
        {
            _error = "The portal's database does not answer. What stands here may be old.";
        }

        _loaded = true;
    }

    private async Task EditAsync()
    {
        var parameters = new Dictionary<string, object?> { [nameof(HookDialog.Line)] = _line };
        await Dialogs.OpenAsync<HookDialog>("Change the webhook", parameters, "640px");
        await ReadAsync();
    }

    private Task SwitchAsync() => DoAsync(async () =>
    {
        await Directory.SetEnabledAsync(User, HookId, !_line!.Hook.Enabled, CancellationToken.None);
        return null;
    });

    private async Task RotateAsync()
    {
        var confirmation = new Confirmation(
            $"Give '{_line!.Name}' a new secret?",
            "New secret",
            "The one before is good no more: enter the new one where it is called from.",
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
                await Dialogs.OpenAsync<HookSecret>("The new secret", new()
                {
                    [nameof(HookSecret.Hook)] = made.Id,
                    [nameof(HookSecret.Provider)] = _line.Provider,
                    [nameof(HookSecret.Secret)] = made.Secret,
                }, "640px");
            }
        }
    }

    private async Task RemoveAsync()
    {
        var confirmation = new Confirmation(
            $"Remove the webhook '{_line!.Name}'?",
            "Remove",
            "Whoever calls it is refused from then on.",
            ["Its deliveries and what became of them"]);
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
        await Directory.RedeliverAsync(User, HookId, delivery.Id, CancellationToken.None) is null ? null : "It is delivered once more.");

    private async Task DoAsync(Func<Task<string?>> work)
    {
        try
        {
            if (await work() is { } done)
            {
                Dialogs.Done(done);
            }

            await ReadAsync();
        }
        catch (Exception failure) when (failure is AccessDeniedException or HookException)
        {
            _error = failure.Message;
        }
    }
}
