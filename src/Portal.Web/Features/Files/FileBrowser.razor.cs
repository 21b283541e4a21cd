using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;
using Portal.Web.Components.Shared;
using Portal.Web.Features.NodeCalls;

namespace Portal.Web.Features.Files;

/// <summary>
/// The folders of an <see cref="IFileSource"/>: what is in them, and all that can be done with it. Which folder is shown stands in the
/// address, so that it can be kept, sent to others and gone back from.
/// </summary>
public sealed partial class FileBrowser
{
    private readonly CancellationTokenSource _closed = new();
    private IFileSource? _shownSource;
    private string _path = FilePaths.Top;
    private string _filter = "";
    private string? _error;
    private FileListing? _listing;
    private List<FileItem> _rows = [];
    private string? _shownPath;
    private FileSort _sort;
    private bool _descending;
    private int _reading;

    [Parameter]
    [EditorRequired]
    public required IFileSource Source { get; set; }

    /// <summary>The folder, as the address says it.</summary>
    [Parameter]
    public string? Path { get; set; }

    /// <summary>Address of the page with another folder; the path is escaped and put at its end.</summary>
    [Parameter]
    [EditorRequired]
    public required string PageAddress { get; set; }

    /// <summary>
    /// It stands beside something else: folders are gone through without the page's address, which says what else is shown. Links still
    /// lead to a page of their own where they are opened in another tab.
    /// </summary>
    [Parameter]
    public bool InPanel { get; set; }

    /// <summary>Called before a dialog opens.</summary>
    [Parameter]
    public EventCallback BeforeDialog { get; set; }

    /// <summary>Uploads, renames and so on are offered.</summary>
    [Parameter]
    public bool MayChange { get; set; }

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private string Summary
    {
        get
        {
            var folders = _rows.Count(item => item.Kind == FileKind.Folder);
            var bytes = _rows.Where(item => item.Kind == FileKind.File).Sum(item => item.Size);
            var others = _rows.Count - folders;
            var total = T("{0}, {1}", FileText.Folders(folders), FileText.Files(others));
            return others > 0 ? T("{0}, {1}", total, Units.Bytes(bytes)) : total;
        }
    }

    private string EmptyText => Source.Unseen(_path) ?? (MayChange ? T("Upload files, or drop them here.") : T("Nothing is in it."));

    protected override async Task OnParametersSetAsync()
    {
        var path = FilePaths.Clean(Path);
        if (ReferenceEquals(Source, _shownSource) && path == _shownPath)
        {
            return;
        }

        (_shownSource, _shownPath) = (Source, path);
        await ShowAsync(path);
    }

    // Without a panel the link itself leads there, by the page's address.
    private Task GoAsync(string path) => InPanel ? ShowAsync(path) : Task.CompletedTask;

    private async Task ShowAsync(string path)
    {
        (_path, _filter, _listing, _error, _rows) = (path, "", null, null, []);
        if (RendererInfo.IsInteractive)
        {
            await LoadAsync();
        }
    }

    private string AddressOf(string path) => PageAddress + Uri.EscapeDataString(path);

    private string? HrefOf(FileItem item) => item.LeadsToFolder ? AddressOf(FilePaths.Join(_path, item.Name)) : null;

    private async Task LoadAsync()
    {
        // Whoever clicks fast has several folders under way: only the last one counts.
        var reading = ++_reading;
        try
        {
            var user = (await Authentication).User;
            var listing = await Source.ListAsync(user, _path, _closed.Token);
            if (reading == _reading)
            {
                (_listing, _error) = (listing, null);
                Show();
            }
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            if (reading == _reading)
            {
                (_listing, _error) = (null, failure.Message);
            }
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested)
        {
            // The page was left.
        }
    }

    private void Filter(string? filter)
    {
        _filter = filter ?? "";
        Show();
    }

    private void SortBy(FileSort sort)
    {
        // Sizes and times are looked at from the greatest on.
        _descending = sort == _sort ? !_descending : sort is FileSort.Size or FileSort.Modified;
        _sort = sort;
        Show();
    }

    private void Show()
    {
        var rows = (_listing?.Items ?? [])
            .Where(item => item.Name.Contains(_filter, StringComparison.OrdinalIgnoreCase))
            .OrderBy(item => !item.LeadsToFolder);
        rows = (_sort, _descending) switch
        {
            (FileSort.Size, false) => rows.ThenBy(item => item.Size),
            (FileSort.Size, true) => rows.ThenByDescending(item => item.Size),
            (FileSort.Modified, false) => rows.ThenBy(item => item.Modified),
            (FileSort.Modified, true) => rows.ThenByDescending(item => item.Modified),
            (FileSort.Owner, false) => rows.ThenBy(item => item.User, StringComparer.Ordinal)
                .ThenBy(item => item.Group, StringComparer.Ordinal),
            (FileSort.Owner, true) => rows.ThenByDescending(item => item.User, StringComparer.Ordinal)
                .ThenByDescending(item => item.Group, StringComparer.Ordinal),
            (_, true) => rows.ThenByDescending(item => item.Name, StringComparer.OrdinalIgnoreCase),
            _ => rows,
        };
        _rows = [.. rows.ThenBy(item => item.Name, StringComparer.OrdinalIgnoreCase).ThenBy(item => item.Name, StringComparer.Ordinal)];
    }

    private async Task OpenAsync(FileItem item)
    {
        await BeforeDialog.InvokeAsync();
        var path = FilePaths.Join(_path, item.Name);
        var parameters = new Dictionary<string, object?> { [nameof(FilePreview.Source)] = Source, [nameof(FilePreview.Path)] = path };
        await Dialogs.OpenAsync<FilePreview>(item.Name, parameters, "960px");
    }

    private async Task MakeFolderAsync()
    {
        var user = (await Authentication).User;
        await AskNameAsync(T("New folder"), "", T("Make"), path => Source.MakeFolderAsync(user, path));
    }

    private async Task RenameAsync(FileItem item)
    {
        var user = (await Authentication).User;
        var path = FilePaths.Join(_path, item.Name);
        await AskNameAsync(T("Rename '{0}'", item.Name), item.Name, T("Rename"), newPath => Source.RenameAsync(user, path, newPath));
    }

    private async Task AskNameAsync(string title, string name, string verb, Func<string, Task> act)
    {
        await BeforeDialog.InvokeAsync();
        var done = await Dialogs.OpenAsync<FileNameDialog>(title, new()
        {
            [nameof(FileNameDialog.Folder)] = _path,
            [nameof(FileNameDialog.Name)] = name,
            [nameof(FileNameDialog.Verb)] = verb,
            [nameof(FileNameDialog.Act)] = act,
        });
        if (done is true)
        {
            await LoadAsync();
        }
    }

    private async Task RemoveAsync(FileItem item)
    {
        await BeforeDialog.InvokeAsync();
        var path = FilePaths.Join(_path, item.Name);
        var done = await Dialogs.OpenAsync<FileRemoveDialog>(T("Delete '{0}'?", item.Name), new()
        {
            [nameof(FileRemoveDialog.Source)] = Source,
            [nameof(FileRemoveDialog.Path)] = path,
            [nameof(FileRemoveDialog.Item)] = item,
        });
        if (done is true)
        {
            await LoadAsync();
        }
    }
}
