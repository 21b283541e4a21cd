using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Contracts.Registries.V1;
using Portal.Web.Access;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Features.Registries.Storage;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Registries;

/// <summary>What is in a registry: repositories by name, and their tags.</summary>
public sealed partial class RegistryPage
{
    private const int MaxRepositories = 100;
    private const int MaxTags = 200;
    private ClaimsPrincipal _user = new();
    private RegistryEntry? _registry;
    private IReadOnlyList<NodeState> _nodes = [];
    private SearchRepositoriesResponse? _found;
    private ListTagsResponse? _tags;
    private Guid? _nodeId;
    private string _term = "";
    private string _searched = "";
    private string? _open;
    private string? _error;
    private string? _tagsError;
    private bool _loaded;
    private bool _begun;
    private bool _busy;

    [Parameter]
    public Guid RegistryId { get; set; }

    [Inject]
    public required RegistryDirectory Directory { get; init; }

    [Inject]
    public required RegistryQueries Queries { get; init; }

    [Inject]
    public required RegistryNodes Nodes { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private string Subtitle => _registry switch
    {
        { HasLogin: false } => T("Looked into without a login."),
        { UserName.Length: > 0 } registry => T("Looked into as {0}.", registry.UserName),
        _ => T("Looked into with the portal's token."),
    };

    private string CountText => _found!.Truncated
        ? T("The first {0}; there are more. A longer part of the name finds fewer.", _found.Repositories.Count)
        : _found.Repositories.Count == 1 ? T("One repository.") : T("{0} repositories.", _found.Repositories.Count);

    private string TagsText => _tags!.Truncated ? T("The first {0} tags; there are more.", _tags.Tags.Count)
        : _tags.Tags.Count == 1 ? T("One tag.")
        : T("{0} tags.", _tags.Tags.Count);

    protected override async Task OnInitializedAsync()
    {
        _user = (await Authentication).User;
        _registry = (await Directory.ListAsync(_user, CancellationToken.None)).FirstOrDefault(registry => registry.Id == RegistryId);
        _nodes = await Nodes.ListAsync(_user);
        _nodeId = _nodes.FirstOrDefault()?.Id;
        _loaded = true;
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        // Not while the page is made on the server: a registry may take its time. Docker Hub lists nothing without a term.
        if (!_begun && _registry is { } registry && registry.Host != RegistryHost.DockerHub && _nodeId is not null)
        {
            _begun = true;
            await SearchAsync();
            StateHasChanged();
        }
    }

    private async Task OnNodeAsync(ChangeEventArgs change)
    {
        _nodeId = Guid.TryParse(change.Value as string, out var id) ? id : _nodeId;
        await SearchAsync();
    }

    private async Task SearchAsync()
    {
        (_busy, _error, _found, _open) = (true, null, null, null);
        StateHasChanged();
        _searched = _term.Trim();
        try
        {
            _found = await Queries.SearchAsync(_user, _nodeId!.Value, _registry!.Host, _searched, MaxRepositories, CancellationToken.None);
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            _error = failure.Message;
        }

        _busy = false;
    }

    private bool IsOpen(FoundRepository repository) => _open == repository.Name;

    private async Task ToggleAsync(FoundRepository repository)
    {
        (_tags, _tagsError) = (null, null);
        _open = IsOpen(repository) ? null : repository.Name;
        if (_open is not { } asked)
        {
            return;
        }

        try
        {
            var tags = await Queries.ListTagsAsync(_user, _nodeId!.Value, _registry!.Host, PathOf(asked), MaxTags, CancellationToken.None);
            _tags = _open == asked ? tags : _tags;
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            _tagsError = _open == asked ? failure.Message : _tagsError;
        }
    }

    private string PathOf(string name) =>
        _registry!.Host == RegistryHost.DockerHub && !name.Contains('/', StringComparison.Ordinal) ? $"library/{name}" : name;

    private string ReferenceOf(FoundRepository repository, string tag) =>
        _registry!.Host == RegistryHost.DockerHub ? $"{repository.Name}:{tag}" : $"{_registry.Host}/{repository.Name}:{tag}";
}
