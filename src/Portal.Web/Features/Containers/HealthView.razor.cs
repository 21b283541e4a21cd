using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Web.Access;
using Portal.Web.Components;
using Portal.Web.Features.NodeCalls;
using ContainerHealth = Portal.Contracts.Containers.V1.Health;

namespace Portal.Web.Features.Containers;

/// <summary>The health check of a container and its last five probes, read anew while the page is open.</summary>
public sealed partial class HealthView : IDisposable
{
    private static readonly TimeSpan s_rhythm = TimeSpan.FromSeconds(5);
    private readonly CancellationTokenSource _closing = new();
    private ContainerHealth? _health;
    private string? _error;

    [Parameter]
    [EditorRequired]
    public required ContainerKey Container { get; set; }

    [Inject]
    public required ContainerCommands Commands { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    public void Dispose()
    {
        _closing.Cancel();
        _closing.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        await LoadAsync();
        _ = PageRefresh.RunAsync(s_rhythm, Time, () => InvokeAsync(FollowAsync), _closing.Token);
    }

    private static string TookOf(Portal.Contracts.Containers.V1.HealthResult result)
    {
        // An agent of another make may leave them out.
        return result is { StartedAt: { } begin, EndedAt: { } end }
            ? string.Create(CultureInfo.InvariantCulture, $"{(end.ToDateTimeOffset() - begin.ToDateTimeOffset()).TotalSeconds:0.00} s")
            : "";
    }

    private async Task FollowAsync()
    {
        await LoadAsync();
        StateHasChanged();
    }

    private async Task LoadAsync()
    {
        try
        {
            var user = (await Authentication).User;
            _health = (await Commands.InspectAsync(user, Container.NodeId, Container.Id, _closing.Token)).Health;
            _error = null;
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            _error = failure.Message;
        }
    }
}
