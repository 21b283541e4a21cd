using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Web.Components.Dialogs;
using Portal.Web.Components.Shared;
using Portal.Web.Features.Images.Listing;
using Portal.Web.Features.Images.Transfers;
using Portal.Web.Languages;

namespace Portal.Web.Features.Images.Dialogs;

/// <summary>Tags or pushes several images at once, by one rule for all names, and tells of each how it ended.</summary>
public sealed partial class BulkNamingDialog : IDisposable
{
    private List<BulkNaming> _items = [];
    private Action<string>? _onChanged;
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

    private string Verb => Push ? _items.Exists(item => item.IsNew) ? T("Tag and push") : T("Push") : T("Tag##verb");

    private string Outcome
    {
        get
        {
            var open = _items.Count(item => !HasEnded(item));
            var failed = _items.Count(HasFailed);
            return open > 0 ? Push ? T("{0} of {1} have ended. Pushes go on when this is closed.", _items.Count - open, _items.Count)
                : T("{0} of {1} have ended.", _items.Count - open, _items.Count)
                : failed > 0 ? T(Push ? N("{0} of {1} are pushed.") : N("{0} of {1} are tagged."), _items.Count - failed, _items.Count)
                : _items.Count == 1 ? Push ? T("It is pushed.") : T("It is tagged.")
                : T(Push ? N("All {0} are pushed.") : N("All {0} are tagged."), _items.Count);
        }
    }

    public void Dispose() => Transfers.Changed -= _onChanged;

    protected override async Task OnInitializedAsync()
    {
        _items = [.. Rows.SelectMany(row => row.Image.Names.Select(name => new BulkNaming(row, name)))];
        _nameless = Rows.Count(row => row.IsDangling);
        Transfers.Changed += _onChanged = LanguageFlow.Keep<string>(OnChanged);
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
        { Transfer.Cancelled: true } => T("cancelled"),
        _ when HasFailed(item) => T("failed"),
        { Transfer.EndedAt: not null } => T("pushed"),
        { Transfer: not null } => T("pushing"),
        { State: BulkNamingState.Done } => T("tagged"),
        { State: BulkNamingState.Running } => T("tagging"),
        _ => T("waiting"),
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
            _error = T("Write a registry and path, or a tag: as it stands nothing would change.");
            return;
        }

        var twice = _items.GroupBy(item => (item.Row.NodeId, item.NewName)).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
        {
            _error = T("Several would become '{0}'. Change what keeps them apart, or choose fewer.", twice.Key.NewName);
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
