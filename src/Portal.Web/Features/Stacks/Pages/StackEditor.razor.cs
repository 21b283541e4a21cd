using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Compose.Planning;
using Portal.Compose.Problems;
using Portal.Web.Access;
using Portal.Web.Components.Shared;
using Portal.Web.Features.Stacks.Files;

namespace Portal.Web.Features.Stacks.Pages;

/// <summary>The files of a stack with its values: what is wrong with them, what they would change, and a new revision of them.</summary>
public sealed partial class StackEditor
{
    private StackFilesView? _editor;
    private StackCheck? _check;
    private string _values = "";
    private string _message = "";
    private string? _error;
    private bool _busy;

    /// <summary>Null for a new stack.</summary>
    [Parameter]
    public Guid? StackId { get; set; }

    [Parameter]
    [EditorRequired]
    public Guid NodeId { get; set; }

    /// <summary>Of a stack over the nodes of an environment, in place of a node.</summary>
    [Parameter]
    public Guid? EnvironmentId { get; set; }

    [Parameter]
    [EditorRequired]
    public string Name { get; set; } = "";

    /// <summary>The number of the newest revision.</summary>
    [Parameter]
    public int Basis { get; set; }

    /// <summary>What it begins with.</summary>
    [Parameter]
    [EditorRequired]
    public StackFileSet Files { get; set; } = StackFileSet.Of("");

    /// <summary>Whether the files come from Git: then only values are changed here.</summary>
    [Parameter]
    public bool IsFetched { get; set; }

    /// <summary>Values that are kept, by name.</summary>
    [Parameter]
    public string ValueNames { get; set; } = "";

    /// <summary>What the message begins with.</summary>
    [Parameter]
    public string Message { get; set; } = "";

    /// <summary>What the lines of values begin with.</summary>
    [Parameter]
    public string Values { get; set; } = "";

    /// <summary>Told the stack's id.</summary>
    [Parameter]
    public EventCallback<Guid> Saved { get; set; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    [Inject]
    internal StackDirectory Directory { get; init; } = null!;

    private string ValuesHint => ValueNames.Length > 0
        ? T("Kept, and not shown again: {0}. A line NAME=value sets one, NAME alone takes it away.", ValueNames)
        : T("One a line, for ${NAME} in the Compose files. They are kept encrypted and not shown again.");

    protected override void OnInitialized() => (_message, _values) = (Message, Values);

    private static string WordOf(ComposeProblem problem) => problem.Severity switch
    {
        ComposeSeverity.Error => T("error"),
        ComposeSeverity.Warning => T("warning"),
        _ => T("note"),
    };

    private static StatusTone ToneOf(ComposeProblem problem) => problem.Severity switch
    {
        ComposeSeverity.Error => StatusTone.Bad,
        ComposeSeverity.Warning => StatusTone.Warning,
        _ => StatusTone.Neutral,
    };

    private static string WordOf(PlanStep step) => step.Action switch
    {
        PlanAction.Create => T("create"),
        PlanAction.Recreate => T("recreate"),
        PlanAction.Move => T("move"),
        PlanAction.Start => T("start"),
        PlanAction.Restart => T("restart"),
        PlanAction.Remove => T("remove"),
        _ => T("nothing"),
    };

    private static StatusTone ToneOf(PlanStep step) => step.Action switch
    {
        PlanAction.Create or PlanAction.Start => StatusTone.Good,
        PlanAction.Recreate or PlanAction.Restart or PlanAction.Move => StatusTone.Warning,
        PlanAction.Remove => StatusTone.Bad,
        _ => StatusTone.Neutral,
    };

    private Task CheckAsync() => RunAsync(async (user, draft) =>
    {
        _check = await Directory.CheckAsync(user, draft, CancellationToken.None);
        await _editor!.MarkAsync(_check.Problems, opens: true);
    });

    // While somebody writes: nothing moves, and nothing of the page is held up.
    private async Task LookAsync()
    {
        if (!_busy)
        {
            try
            {
                var draft = await DraftAsync();
                var check = await Directory.CheckAsync((await Authentication).User, draft, CancellationToken.None);
                if (!_busy)
                {
                    (_check, _error) = (check, null);
                    await _editor!.MarkAsync(check.Problems, opens: false);
                }
            }
            catch (Exception failure) when (failure is StackException or AccessDeniedException)
            {
                // Whoever checks or saves is told. A name that is still missing, say, is no news to somebody who writes.
            }
        }
    }

    private Task SaveAsync() => RunAsync(async (user, draft) =>
    {
        _check = await Directory.CheckAsync(user, draft, CancellationToken.None);
        await _editor!.MarkAsync(_check.Problems, opens: true);
        if (_check.IsRight)
        {
            var id = await Directory.SaveAsync(user, draft, CancellationToken.None);
            _values = "";
            await Saved.InvokeAsync(id);
        }
    });

    private async Task<StackDraft> DraftAsync() => new(StackId, NodeId, Name, Basis, await _editor!.ReadAsync(), _values, _message)
    {
        EnvironmentId = EnvironmentId,
    };

    private async Task RunAsync(Func<ClaimsPrincipal, StackDraft, Task> work)
    {
        (_busy, _error) = (true, null);
        try
        {
            await work((await Authentication).User, await DraftAsync());
        }
        catch (Exception failure) when (failure is StackException or AccessDeniedException)
        {
            _error = failure.Message;
        }
        finally
        {
            _busy = false;
        }
    }
}
