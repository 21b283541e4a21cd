using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Contracts.Registries.V1;
using Portal.Web.Access;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Features.Registries;
using Portal.Web.Features.Registries.Storage;

namespace Portal.Web.Features.Images.Dialogs;

/// <summary>Looks for an image in a registry, through a node and with the portal's login where it has one.</summary>
public sealed partial class RegistrySearch
{
    private const int MostRepositories = 25;
    private const int MostTags = 100;
    private ClaimsPrincipal _user = new();
    private List<string> _hosts = [RegistryHost.DockerHub];
    private SearchRepositoriesResponse? _found;
    private ListTagsResponse? _tags;
    private string _host = RegistryHost.DockerHub;
    private string _term = "";
    private string? _open;
    private string? _error;
    private bool _busy;
    private bool _opened;

    /// <summary>The node to look from.</summary>
    [Parameter]
    [EditorRequired]
    public Guid NodeId { get; set; }

    /// <summary>What is entered already: its registry and path are looked for at first.</summary>
    [Parameter]
    public string Reference { get; set; } = "";

    /// <summary>A name with its tag was chosen.</summary>
    [Parameter]
    public EventCallback<string> Chosen { get; set; }

    [Inject]
    public required RegistryQueries Queries { get; init; }

    [Inject]
    public required RegistryDirectory Directory { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private string FoundText => _found switch
    {
        { Repositories.Count: 0 } => T("Nothing found."),
        { Truncated: true } found => T("The first {0}. A longer part of the name finds fewer.", found.Repositories.Count),
        _ => T("Choose one to see its tags."),
    };

    /// <summary>The registry and the part of a path that an unfinished name tells.</summary>
    internal static (string Host, string Term) Split(string reference)
    {
        var host = RegistryHost.OfImage(reference);
        var slash = reference.IndexOf('/', StringComparison.Ordinal);
        var path = host != RegistryHost.DockerHub || reference.StartsWith(RegistryHost.DockerHub + "/", StringComparison.Ordinal)
            ? reference[(slash + 1)..]
            : reference;
        return (host, path.Split(':', '@')[0]);
    }

    private async Task OpenAsync()
    {
        if (_opened)
        {
            return;
        }

        _opened = true;
        _user = (await Authentication).User;
        try
        {
            _hosts = [.. _hosts.Union((await Directory.ListAsync(_user, CancellationToken.None)).Select(registry => registry.Host))];
        }
        catch (AccessDeniedException)
        {
            // May look from this node, but not into the list of all registries: Docker Hub and what is written remain.
        }

        (var host, _term) = Split(Reference.Trim());
        _host = RegistryHost.Normalize(host) ?? RegistryHost.DockerHub;
        _hosts = [.. _hosts.Union([_host])];
    }

    private async Task SearchAsync()
    {
        (_busy, _error, _found, _open) = (true, null, null, null);
        try
        {
            _found = await Queries.SearchAsync(_user, NodeId, _host, _term.Trim(), MostRepositories, CancellationToken.None);
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            _error = failure.Message;
        }

        _busy = false;
    }

    private async Task ShowTagsAsync(FoundRepository repository)
    {
        (_open, _tags, _error) = (_open == repository.Name ? null : repository.Name, null, null);
        if (_open is not { } asked)
        {
            return;
        }

        try
        {
            var path = _host == RegistryHost.DockerHub && !asked.Contains('/', StringComparison.Ordinal) ? $"library/{asked}" : asked;
            var tags = await Queries.ListTagsAsync(_user, NodeId, _host, path, MostTags, CancellationToken.None);
            _tags = _open == asked ? tags : _tags;
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            _error = failure.Message;
        }
    }

    private string ReferenceOf(string repository, string tag) =>
        _host == RegistryHost.DockerHub ? $"{repository}:{tag}" : $"{_host}/{repository}:{tag}";
}
