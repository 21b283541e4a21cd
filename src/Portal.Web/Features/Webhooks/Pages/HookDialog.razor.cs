using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Contracts.Permissions;
using Portal.Data.Entities.Stacks;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;
using Portal.Web.Features.Stacks;
using Portal.Web.Features.Webhooks.Matching;

namespace Portal.Web.Features.Webhooks.Pages;

/// <summary>Makes a webhook and shows its secret, or changes one.</summary>
public sealed partial class HookDialog
{
    private static readonly char[] s_blanks = [' ', ',', '\t', '\n', '\r'];

    private IReadOnlyList<Stack> _stacks = [];
    private HookProviderInfo _provider = HookProviders.All[0];
    private Guid _stackId;
    private string _name = "";
    private bool _pushes = true;
    private bool _tags;
    private bool _releases;
    private string _branches = "";
    private string _tagNames = "";
    private string _paths = "";
    private string _conditions = "";
    private bool _saving;
    private string? _error;
    private HookMade? _made;

    /// <summary>The webhook to change, or null for a new one.</summary>
    [Parameter, EditorRequired]
    public HookLine? Line { get; set; }

    [Inject]
    internal HookDirectory Directory { get; init; } = null!;

    [Inject]
    internal StackDirectory Stacks { get; init; } = null!;

    [Inject]
    public required IAuthorizer Authorizer { get; init; }

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    protected override async Task OnInitializedAsync()
    {
        if (Line is not null)
        {
            Show(Line);
            return;
        }

        var user = (await Authentication).User;
        var access = await Authorizer.ReadAccessAsync(user, CancellationToken.None);
        _stacks = [.. (await Stacks.ListAsync(user, CancellationToken.None))
            .Where(stack => access.Allows(PermissionNames.HooksEdit, stack.Scope())
                && access.Allows(PermissionNames.StacksDeploy, stack.Scope()))
            .OrderBy(stack => stack.Name, StringComparer.Ordinal)];
        _stackId = _stacks.Count > 0 ? _stacks[0].Id : Guid.Empty;
    }

    private void Show(HookLine line)
    {
        var filters = HookFilters.Parse(line.Hook.Filters);
        (_provider, _stackId, _name) = (line.Provider, line.Stack.Id, line.Name);
        (_pushes, _tags, _releases) = (filters.Pushes, filters.Tags, filters.Releases);
        _branches = string.Join(' ', filters.Branches);
        _tagNames = string.Join(' ', filters.TagNames);
        _paths = string.Join(' ', filters.Paths);
        _conditions = string.Join('\n', filters.Conditions.Select(condition => $"{condition.Path} = {condition.Pattern}"));
    }

    private void OnProvider(ChangeEventArgs change) => _provider = HookProviders.Find(change.Value as string ?? "") ?? _provider;

    private async Task SaveAsync()
    {
        _saving = true;
        try
        {
            var user = (await Authentication).User;
            var draft = new HookDraft(_stackId, _name, _provider.Provider, Filters());
            if (Line is null)
            {
                _made = await Directory.CreateAsync(user, draft, CancellationToken.None);
            }
            else
            {
                await Directory.UpdateAsync(user, Line.Id, draft, CancellationToken.None);
                Dialogs.Close(true);
            }
        }
        catch (Exception failure) when (failure is AccessDeniedException or HookException)
        {
            _error = failure.Message;
        }
        finally
        {
            _saving = false;
        }
    }

    // What is not shown for a provider is not kept for it.
    private HookFilters Filters()
    {
        var git = _provider.Kind == HookProviderKind.Git;
        return new HookFilters
        {
            Pushes = _pushes,
            Tags = git && _tags,
            Releases = _provider.TellsReleases && _releases,
            Branches = git && _pushes ? Words(_branches) : [],
            TagNames = _provider.Kind == HookProviderKind.Registry || (git && (_tags || _releases)) ? Words(_tagNames) : [],
            Paths = _provider.TellsPaths && _pushes ? Words(_paths) : [],
            Conditions = [.. _conditions.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(Condition)],
        };
    }

    private static JsonCondition Condition(string line)
    {
        var parts = line.Split('=', 2, StringSplitOptions.TrimEntries);
        return parts.Length == 2 ? new JsonCondition(parts[0], parts[1])
            : throw new HookException(E("'{0}' is no condition: write where, '=', and what must stand there.", line));
    }

    private static string[] Words(string text) => text.Split(s_blanks, StringSplitOptions.RemoveEmptyEntries);
}
