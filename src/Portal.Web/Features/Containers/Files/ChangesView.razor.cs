using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Contracts.Files.V1;
using Portal.Web.Access;
using Portal.Web.Components.Shared;
using Portal.Web.Features.Files;
using Portal.Web.Features.NodeCalls;

namespace Portal.Web.Features.Containers.Files;

/// <summary>How a container's files differ from its image's.</summary>
public sealed partial class ChangesView : IDisposable
{
    // More nobody reads through, and the page must hold them.
    private const int Most = 20_000;

    private static readonly (ChangeKind Kind, string Title)[] s_kinds =
    [
        (ChangeKind.Added, "Added"), (ChangeKind.Modified, "Changed"), (ChangeKind.Deleted, "Deleted"),
    ];

    private readonly CancellationTokenSource _closed = new();
    private readonly HashSet<ChangeKind> _shown = [ChangeKind.Added, ChangeKind.Modified, ChangeKind.Deleted];
    private List<ChangedPath>? _all;
    private List<ChangedPath> _rows = [];
    private string _filter = "";
    private string? _error;
    private bool _isCut;
    private int _ways;

    [Parameter]
    [EditorRequired]
    public required ContainerKey Container { get; set; }

    [Inject]
    public required ContainerFiles Files { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override Task OnInitializedAsync() => RendererInfo.IsInteractive ? LoadAsync() : Task.CompletedTask;

    /// <summary>Tells folders that are there for what changed in them from those that changed: the next path lies in them.</summary>
    internal static List<ChangedPath> Mark(IReadOnlyList<Change> changes) =>
    [
        .. changes.Select((change, index) => new ChangedPath(
            change.Path,
            change.Kind,
            change.Kind == ChangeKind.Modified && index + 1 < changes.Count
                && changes[index + 1].Path.StartsWith(change.Path + "/", StringComparison.Ordinal))),
    ];

    private static string TextOf(ChangeKind kind) => kind switch
    {
        ChangeKind.Added => T("added"),
        ChangeKind.Deleted => T("deleted"),
        _ => T("changed"),
    };

    private static StatusTone ToneOf(ChangeKind kind) => kind switch
    {
        ChangeKind.Added => StatusTone.Good,
        ChangeKind.Deleted => StatusTone.Bad,
        _ => StatusTone.Busy,
    };

    private async Task LoadAsync()
    {
        _error = null;
        try
        {
            var changes = new List<Change>();
            var isWhole = await Files.ListChangesAsync((await Authentication).User, Container, Take, _closed.Token);
            _isCut = !isWhole;
            var marked = Mark(changes);
            _all = [.. marked.Where(change => !change.IsWay)];
            _ways = marked.Count - _all.Count;
            Show();

            bool Take(IReadOnlyList<Change> more)
            {
                changes.AddRange(more.Take(Most - changes.Count));
                return changes.Count < Most;
            }
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            (_all, _error) = (null, failure.Message);
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested)
        {
            // The page was left.
        }
    }

    private int Count(ChangeKind kind) => _all?.Count(change => change.Kind == kind) ?? 0;

    private void Toggle(ChangeKind kind)
    {
        _ = _shown.Remove(kind) || _shown.Add(kind);
        Show();
    }

    private void Filter(string? filter)
    {
        _filter = filter ?? "";
        Show();
    }

    private void Show() => _rows =
    [
        .. (_all ?? []).Where(change => _shown.Contains(change.Kind) && change.Path.Contains(_filter, StringComparison.OrdinalIgnoreCase)),
    ];

    private string FolderOf(ChangedPath change) =>
        $"nodes/{Container.NodeId}/containers/{Container.Id}/files?path={Uri.EscapeDataString(FilePaths.Parent(change.Path))}";
}
