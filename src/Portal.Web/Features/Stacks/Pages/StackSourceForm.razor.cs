using Microsoft.AspNetCore.Components;
using Portal.Web.Components.Shared;
using Portal.Web.Features.Stacks.Git;
using Portal.Web.Features.Stacks.Sources;

namespace Portal.Web.Features.Stacks.Pages;

/// <summary>Where the files of a stack shall come from.</summary>
public sealed partial class StackSourceForm
{
    private static readonly (int Seconds, string Words)[] s_polls =
    [
        (0, N("only when asked")), (60, N("every minute")), (300, N("every 5 minutes")), (900, N("every 15 minutes")), (3600, N("every hour")),
        (86_400, N("every day")),
    ];

    private readonly HashSet<string> _accepted = new(StringComparer.Ordinal);
    private readonly StackSourceInput _input = new() { PollSeconds = 300 };
    private IReadOnlyList<StackHostKey> _hostKeys = [];
    private string _files = "compose.yaml";

    /// <summary>What there is; null for none yet.</summary>
    [Parameter]
    public StackSourceView? Source { get; set; }

    [Parameter]
    public EventCallback Saved { get; set; }

    [Parameter]
    public EventCallback Closed { get; set; }

    [Inject]
    internal StackSourceDirectory Directory { get; init; } = null!;

    private bool IsSsh => GitAddress.Parse(_input.Address.Trim())?.IsSsh
        ?? (_input.Address.StartsWith("ssh:", StringComparison.Ordinal) || _input.Address.StartsWith("git@", StringComparison.Ordinal));

    private string ReferenceHint => _input.ReferenceKind switch
    {
        GitReference.Branch => T("Empty for the default branch."),
        GitReference.Commit => T("In full, 40 digits."),
        _ => T("Such as v1.2.0."),
    };

    private bool Keeps => Source?.HasLogin == true && !_input.WithoutLogin;

    // Another time than one of the list may have been set by the REST API.
    private IEnumerable<(int Seconds, string Words)> Polls => s_polls.Any(poll => poll.Seconds == _input.PollSeconds)
        ? s_polls
        : s_polls.Append((_input.PollSeconds, T("every {0}", Units.Duration(TimeSpan.FromSeconds(_input.PollSeconds)))));

    protected override void OnInitialized()
    {
        if (Source is { } source)
        {
            (_input.Address, _input.ReferenceKind, _input.Reference) = (source.Address, source.ReferenceKind, source.Reference);
            (_input.WithSubmodules, _input.UserName) = (source.WithSubmodules, source.UserName);
            (_input.Certificates, _input.PollSeconds, _input.Deploys) = (source.Certificates, source.PollSeconds, source.Deploys);
            _files = string.Join('\n', source.ComposeFiles);
        }
    }

    private void Accept(string line, ChangeEventArgs change)
    {
        if (change.Value is true)
        {
            _accepted.Add(line);
        }
        else
        {
            _accepted.Remove(line);
        }
    }

    private Task ReadKeysAsync() => RunAsync(async user =>
    {
        _accepted.Clear();
        _hostKeys = [];
        _hostKeys = await Directory.ReadHostKeysAsync(user, StackId, _input.Address, Gone);
    });

    private Task TestAsync() => RunAsync(async user =>
    {
        var commit = await Directory.TestAsync(user, StackId, Input(), Gone);
        Told = T("The server answers: {0} is {1}.", Languages.Texts.Told(new GitReference(_input.ReferenceKind, _input.Reference.Trim()).InWords), commit);
    });

    private Task SaveAsync() => RunAsync(async user =>
    {
        await Directory.SaveAsync(user, StackId, Input(), CancellationToken.None);
        await Saved.InvokeAsync();
    });

    private StackSourceInput Input()
    {
        _input.ComposeFiles = [.. _files.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        _input.HostKeys = IsSsh ? string.Join('\n', _accepted) : "";
        _input.UserName = IsSsh ? "" : _input.UserName;
        _input.Certificates = IsSsh ? "" : _input.Certificates;
        _input.Deploys = _input.Deploys && _input.PollSeconds > 0;
        return _input;
    }
}
