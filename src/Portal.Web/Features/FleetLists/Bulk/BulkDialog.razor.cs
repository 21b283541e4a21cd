using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Web.Components.Dialogs;
using Portal.Web.Components.Shared;

namespace Portal.Web.Features.FleetLists.Bulk;

/// <summary>
/// Does the same to several things, some at once, and tells of each how it ended; what failed can be tried again. It goes on when it is
/// closed, and says then how it ended.
/// </summary>
public sealed partial class BulkDialog : IDisposable
{
    private const int AtOnce = 8;

    // A dialog is read, not searched: what failed comes first, and the rest is counted.
    private const int MostShown = 100;
    private bool _begun;
    private bool _busy;
    private bool _closed;

    /// <summary>What is done, what is lost by it, and what stays.</summary>
    [Parameter]
    [EditorRequired]
    public string Question { get; set; } = "";

    /// <summary>On the button.</summary>
    [Parameter]
    [EditorRequired]
    public string Verb { get; set; } = "";

    /// <summary>Whether something is lost by it.</summary>
    [Parameter]
    public bool Danger { get; set; }

    [Parameter]
    [EditorRequired]
    public IReadOnlyList<BulkItem> Items { get; set; } = [];

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private List<BulkItem> Failed => [.. Items.Where(item => item.State == BulkState.Failed)];

    private IEnumerable<BulkItem> Shown => _begun && Items.Count > MostShown
        ? Items.OrderBy(item => PlaceOf(item.State)).Take(MostShown)
        : Items.Take(MostShown);

    private string Outcome
    {
        get
        {
            var done = Items.Count(item => item.State == BulkState.Done);
            var failed = Failed.Count;
            return _busy ? T("Working; {0} to go.", Items.Count - done - failed)
                : failed == 0 ? Plural(done, "{0} is done.", "All {0} are done.")
                : T("{0} of {1} done, {2} failed.", done, Items.Count, failed);
        }
    }

    public void Dispose() => _closed = true;

    private async Task RunAsync(IReadOnlyList<BulkItem> items)
    {
        (_begun, _busy) = (true, true);
        var user = (await Authentication).User;
        var waiting = new Queue<BulkItem>(items);

        // No threads of their own: between two awaits all of them run on the page's context, one after another.
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            while (waiting.TryDequeue(out var item))
            {
                await item.RunAsync(user);
                StateHasChanged();
            }
        }));

        _busy = false;
        Tell();
    }

    // Nothing is left to read when all went without a word.
    private void Tell()
    {
        if (Failed.Count == 0)
        {
            if (!_closed)
            {
                Dialogs.Close(true);
            }

            Dialogs.Done(T("{0}: {1}", Verb, Outcome));
        }
        else if (_closed)
        {
            Dialogs.Failed(T("{0}: {1}", Verb, Outcome), string.Join(' ', Failed.Take(3).Select(item => $"{item.Title}: {item.Error}")));
        }
    }

    private static int PlaceOf(BulkState state) => state switch
    {
        BulkState.Failed => 0,
        BulkState.Running => 1,
        BulkState.Waiting => 2,
        _ => 3,
    };

    private static string Text(BulkState state) => state switch
    {
        BulkState.Running => T("running"),
        BulkState.Done => T("done"),
        BulkState.Failed => T("failed"),
        _ => T("waiting"),
    };

    private static StatusTone Tone(BulkState state) => state switch
    {
        BulkState.Running => StatusTone.Busy,
        BulkState.Done => StatusTone.Good,
        BulkState.Failed => StatusTone.Bad,
        _ => StatusTone.Neutral,
    };
}
