using Grpc.Core;
using Microsoft.AspNetCore.Components;
using Portal.Web.Access;
using Portal.Web.Components;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Nodes;

namespace Portal.Web.Features.FleetDetails;

/// <summary>
/// The page of one thing on one node: asks the node for it, and again when the node says that things of its kind changed. It is drawn only
/// when what it shows did: counters of the fleet change every two seconds, one thing rarely.
/// </summary>
/// <typeparam name="TAnswer">What the node answers.</typeparam>
/// <typeparam name="TRow">The thing as the lists have it.</typeparam>
public abstract class FleetDetailPage<TAnswer, TRow> : FleetComponent
    where TAnswer : class
    where TRow : class
{
    private EffectiveAccess? _shownAccess;
    private (Guid NodeId, string Subject)? _shown;
    private (Guid NodeId, string Subject, object Version, DateTimeOffset? Since)? _asked;
    private bool _unchanged;

    [Parameter]
    public Guid NodeId { get; set; }

    /// <summary>The view, as the address says it.</summary>
    [Parameter]
    public string? Tab { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    /// <summary>The node; null when it is not one that the user may see.</summary>
    protected NodeState? Node { get; private set; }

    /// <summary>What the node answered last.</summary>
    protected TAnswer? Answer { get; private set; }

    /// <summary>What is shown; null while there is nothing.</summary>
    protected TRow? Row { get; private set; }

    protected string? Error { get; set; }

    /// <summary>True when there is no such thing.</summary>
    protected bool IsGone { get; private set; }

    /// <summary>Which thing, as the address says it.</summary>
    protected abstract string Subject { get; }

    /// <summary>The views that the user may see.</summary>
    protected abstract IEnumerable<(string Name, string Title)> Tabs { get; }

    /// <summary>The view that is shown: the first one unless the address names another.</summary>
    protected string Current => Tabs.Any(tab => tab.Name == Tab) ? Tab! : Tabs.FirstOrDefault().Name;

    /// <summary>Changes when the node must be asked again.</summary>
    protected abstract object VersionOf(NodeState node);

    /// <summary>Asks the node.</summary>
    protected abstract Task<TAnswer> InspectAsync(CancellationToken cancellationToken);

    /// <summary>What to show of an answer and what is known of the node.</summary>
    protected abstract TRow MakeRow(NodeState node, TAnswer answer);

    /// <summary>False when the page must be drawn again because of the node.</summary>
    protected virtual bool LooksSame(NodeState? next, NodeState? last) => next?.Presence == last?.Presence && next?.Name == last?.Name;

    /// <summary>True for a refusal that means that there is no such thing.</summary>
    protected virtual bool MeansGone(StatusCode code) => code == StatusCode.NotFound;

    protected bool May(string permission) => Access.Allows(permission, AccessScope.Node(NodeId));

    protected override void OnParametersSet()
    {
        if (_shown is { } shown && shown != (NodeId, Subject))
        {
            (Answer, Row, Node, IsGone, Error) = (null, null, null, false, null);
        }

        _shown = (NodeId, Subject);
        OnFleetChanged();
        _unchanged = false;
    }

    protected override void OnFleetChanged()
    {
        var node = Nodes.FirstOrDefault(node => node.Id == NodeId);
        _unchanged = LooksSame(node, Node) && Access.IsSameAs(_shownAccess);
        (Node, _shownAccess) = (node, Access);
        if (node is null)
        {
            (IsGone, _unchanged) = (true, false);
            return;
        }

        Show();
        var now = (NodeId, Subject, VersionOf(node), node.Since);
        if (node.Presence == NodePresence.Online && _asked != now && RendererInfo.IsInteractive)
        {
            _asked = now;
            _ = LoadAsync();
        }
        else if (node.Presence != NodePresence.Online && Answer is null)
        {
            Error = T("The node '{0}' is offline. What is on it shows when it is back.", node.Name);
        }
    }

    protected override bool ShouldRender()
    {
        var draw = !_unchanged;
        _unchanged = false;
        return draw;
    }

    /// <summary>Asks the node now.</summary>
    protected async Task LoadAsync()
    {
        var asked = _asked;
        try
        {
            var answer = await InspectAsync(Closed);
            if (asked == _asked)
            {
                (Answer, Error, IsGone) = (answer, null, false);
                Show();
            }
        }
        catch (NodeCallException failure) when (MeansGone(failure.StatusCode))
        {
            (Answer, Row, IsGone) = (null, null, true);
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            Error = failure.Message;
        }
        catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException)
        {
            return;
        }

        if (!Closed.IsCancellationRequested)
        {
            _unchanged = false;
            StateHasChanged();
        }
    }

    private void Show()
    {
        if (Node is not null && Answer is not null)
        {
            Row = MakeRow(Node, Answer);
        }
    }
}
