using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Web.Components.Dialogs;
using Portal.Web.Components.Shared;
using Portal.Web.Features.Images.Listing;
using Portal.Web.Features.Images.Transfers;

namespace Portal.Web.Features.Images.Dialogs;

/// <summary>Tags or pushes several images at once, by one rule for all names, and tells of each how it ended.</summary>
public sealed partial class BulkNamingDialog : IDisposable
{
    private List<BulkNaming> _items = [];
    private string _key = "";
    private string _place = "";
    private string _tag = "";
    private string? _error;
    private int _nameless;
    private bool _begun;
    private bool _busy;

    [Parameter]
    [EditorRequired]
    public IReadOnlyList<ImageRow> Rows { get; set; } = [];

    /// <summary>True to push, false to tag alone.</summary>
    [Parameter]
    public bool Push { get; set; }

    /// <summary>Whether the user may give them further names.</summary>
    [Parameter]
    public bool MayTag { get; set; }

    [Inject]
    public required ImageCommands Images { get; init; }

    [Inject]
    public required ImageTransfers Transfers { get; init; }

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private string Verb => Push ? _items.Exists(item => item.IsNew) ? "Tag and push" : "Push" : "Tag";

    private string Outcome
    {
        get
        {
            var open = _items.Count(item => !HasEnded(item));
            var failed = _items.Count(HasFailed);
            var done = Push ? "pushed" : "tagged";
            return open > 0 ? $"{_items.Count - open} of {_items.Count} have ended.{(Push ? " Pushes go on when this is closed." : "")}"
                : failed == 0 ? (_items.Count == 1 ? $"It is {done}." : $"All {_items.Count} are {done}.")
                : $"{_items.Count - failed} of {_items.Count} are {done}.";
        }
    }

    public void Dispose() => Transfers.Changed -= OnChanged;

    protected override async Task OnInitializedAsync()
    {
        _items = [.. Rows.SelectMany(row => row.Image.Names.Select(name => new BulkNaming(row, name)))];
        _nameless = Rows.Count(row => row.IsDangling);
        Transfers.Changed += OnChanged;
        _key = ImageTransfers.KeyOf((await Authentication).User);
    }

    private static bool HasFailed(BulkNaming item) =>
        item.State == BulkNamingState.Failed || item.Transfer is { Cancelled: true } or { Error: not null };

    private static bool HasEnded(BulkNaming item) =>
        item.State == BulkNamingState.Failed || (item.State == BulkNamingState.Done && item.Transfer is null or { EndedAt: not null });

    private static string ErrorOf(BulkNaming item) => item.Error.Length > 0 ? item.Error : item.Transfer?.Error ?? "";

    private static StatusTone ToneOf(BulkNaming item) => HasFailed(item) ? StatusTone.Bad
        : HasEnded(item) ? StatusTone.Good
        : item.State == BulkNamingState.Waiting ? StatusTone.Neutral
        : StatusTone.Busy;

    private string TextOf(BulkNaming item) => item switch
    {
        { Transfer.Cancelled: true } => "cancelled",
        _ when HasFailed(item) => "failed",
        { Transfer.EndedAt: not null } => "pushed",
        { Transfer: not null } => "pushing",
        { State: BulkNamingState.Done } => "tagged",
        { State: BulkNamingState.Running } => "tagging",
        _ => "waiting",
    };

    private void Plan(string place, string tag)
    {
        (_place, _tag, _error) = (place, tag, null);
        _items.ForEach(item => item.Plan(place.Trim().TrimEnd('/'), tag.Trim()));
    }

    private async Task RunAsync()
    {
        if (!Push && !_items.Exists(item => item.IsNew))
        {
            _error = "Write a registry and path, or a tag: as it stands nothing would change.";
            return;
        }

        var twice = _items.GroupBy(item => (item.Row.NodeId, item.NewName)).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
        {
            _error = $"Several would become '{twice.Key.NewName}'. Change what keeps them apart, or choose fewer.";
            return;
        }

        await RunAsync(Push ? _items : [.. _items.Where(item => item.IsNew)]);
    }

    private Task AgainAsync() => RunAsync([.. _items.Where(HasFailed)]);

    private async Task RunAsync(IReadOnlyList<BulkNaming> items)
    {
        (_begun, _busy) = (true, true);
        _items = Push ? _items : [.. _items.Where(item => item.IsNew)];
        var user = (await Authentication).User;
        foreach (var item in items)
        {
            await item.RunAsync(Images, Push ? Transfers : null, user);
            StateHasChanged();
        }

        _busy = false;
    }

    private void OnChanged(string owner)
    {
        if (owner == _key)
        {
            _ = InvokeAsync(StateHasChanged);
        }
    }
}
