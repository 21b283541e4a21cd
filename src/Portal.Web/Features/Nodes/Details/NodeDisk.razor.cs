using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Contracts.Permissions;
using Portal.Contracts.System.V1;
using Portal.Web.Access;
using Portal.Web.Components.Shared;
using Portal.Web.Features.NodeCalls;

namespace Portal.Web.Features.Nodes.Details;

/// <summary>What the engine's data takes of a node's disk. Measured when the page opens, when the node comes back, and on demand.</summary>
public sealed partial class NodeDisk : IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private IReadOnlyList<DiskUse> _categories = [];
    private bool _measuring;
    private bool _wasOnline;
    private string? _error;

    [Inject]
    public required INodeCalls Calls { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    [Parameter, EditorRequired]
    public Guid NodeId { get; set; }

    [Parameter, EditorRequired]
    public string NodeName { get; set; } = "";

    [Parameter, EditorRequired]
    public bool Online { get; set; }

    private string Summary => _categories.Count == 0 ? "" : T(
        "{0} in all, {1} can be freed",
        Units.Bytes(_categories.Sum(category => category.Bytes)),
        Units.Bytes(_categories.Sum(category => category.ReclaimableBytes)));

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        // Not while the page is prerendered: it shall not wait for files being counted.
        var came = Online && !_wasOnline;
        _wasOnline = Online;
        if (came)
        {
            await MeasureAsync();
        }
    }

    private async Task MeasureAsync()
    {
        if (_measuring)
        {
            return;
        }

        _measuring = true;
        StateHasChanged();
        try
        {
            var answer = await Calls.ReadAsync(
                (await Authentication).User,
                NodeId,
                PermissionNames.NodesView,
                async invoker => await new SystemService.SystemServiceClient(invoker).MeasureDiskAsync(
                    new MeasureDiskRequest(), cancellationToken: _closed.Token),
                _closed.Token);
            _categories = [.. answer.Categories.Select(DiskUse.From).OfType<DiskUse>()];
            _error = null;
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            _error = failure.Message;
        }
        catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException)
        {
            // The page was left.
            return;
        }
        finally
        {
            _measuring = false;
        }

        StateHasChanged();
    }

    private static string Weight(DiskUse category) => category.Bytes.ToString(CultureInfo.InvariantCulture);
}
