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
        ? $"Kept, and not shown again: {ValueNames}. A line NAME=value sets one, NAME alone takes it away."
        : "One a line, for ${NAME} in the Compose files. They are kept encrypted and not shown again.";

    protected override void OnInitialized() => (_message, _values) = (Message, Values);

    private static string WordOf(ComposeProblem problem) => problem.Severity switch
    {
        ComposeSeverity.Error => "error",
        ComposeSeverity.Warning => "warning",
        _ => "note",
    };

    private static StatusTone ToneOf(ComposeProblem problem) => problem.Severity switch
    {
        ComposeSeverity.Error => StatusTone.Bad,
        ComposeSeverity.Warning => StatusTone.Warning,
        _ => StatusTone.Neutral,
    };

    private static string WordOf(PlanStep step) => step.Action switch
    {
        PlanAction.Create => "create",
        PlanAction.Recreate => "recreate",
        PlanAction.Start => "start",
        PlanAction.Restart => "restart",
        PlanAction.Remove => "remove",
        _ => "nothing",
    };

    private static StatusTone ToneOf(PlanStep step) => step.Action switch
    {
        PlanAction.Create or PlanAction.Start => StatusTone.Good,
        PlanAction.Recreate or PlanAction.Restart => StatusTone.Warning,
        PlanAction.Remove => StatusTone.Bad,
        _ => StatusTone.Neutral,
    };

    private Task CheckAsync() => RunAsync(async (user, draft) =>
    {
        _check = await Directory.CheckAsync(user, draft, CancellationToken.None);
        await MarkAsync();
    });

    private Task SaveAsync() => RunAsync(async (user, draft) =>
    {
        _check = await Directory.CheckAsync(user, draft, CancellationToken.None);
        await MarkAsync();
        if (_check.IsRight)
        {
            var id = await Directory.SaveAsync(user, draft, CancellationToken.None);
            _values = "";
            await Saved.InvokeAsync(id);
        }
    });

    private async Task MarkAsync()
    {
        var first = _check!.Problems.FirstOrDefault(problem => problem.Severity == ComposeSeverity.Error);
        await _editor!.MarkAsync(first?.Mark.File ?? "", first?.Mark.Line, first?.Message ?? "");
    }

    private async Task RunAsync(Func<ClaimsPrincipal, StackDraft, Task> work)
    {
        (_busy, _error) = (true, null);
        try
        {
            var draft = new StackDraft(StackId, NodeId, Name, Basis, await _editor!.ReadAsync(), _values, _message);
            await work((await Authentication).User, draft);
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
