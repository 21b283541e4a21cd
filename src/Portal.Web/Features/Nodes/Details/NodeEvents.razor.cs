using Microsoft.AspNetCore.Components;
using Portal.Web.Access;
using Portal.Web.Features.Events;
using Portal.Web.Nodes;
using Portal.Web.Nodes.Telemetry;

namespace Portal.Web.Features.Nodes.Details;

/// <summary>What a node's engine did last, as it happens.</summary>
public sealed partial class NodeEvents
{
    private const int Shown = 12;
    private IReadOnlyList<FleetEvent>? _events;
    private string? _error;

    [Inject]
    public required EventReader Reader { get; init; }

    [Inject]
    public required NodeEventSignal Signal { get; init; }

    [Parameter, EditorRequired]
    public required NodeState Node { get; set; }

    protected override async Task OnInitializedAsync()
    {
        await base.OnInitializedAsync();
        await LoadAsync();
    }

    protected override void OnAfterRender(bool firstRender)
    {
        base.OnAfterRender(firstRender);
        if (firstRender)
        {
            _ = WatchEventsAsync();
        }
    }

    private async Task WatchEventsAsync()
    {
        try
        {
            await foreach (var _ in Signal.WatchAsync(Closed))
            {
                await InvokeAsync(async () =>
                {
                    await LoadAsync();
                    StateHasChanged();
                });
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException)
        {
            // The page was left.
        }
    }

    private async Task LoadAsync()
    {
        try
        {
            _events = await Reader.ReadAsync(User, new EventFilter("", "", Node.Name), null, Shown, Closed);
            _error = null;
        }
        catch (Exception failure) when (failure.IsDatabaseAway())
        {
            _error = T("The events can't be read: the database does not answer. They are read again with the next event.");
        }
    }
}
