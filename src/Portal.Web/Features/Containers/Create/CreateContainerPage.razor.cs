using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Features.Images;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Containers.Create;

/// <summary>The form that makes a container. What a node refuses is shown beside the field that caused it, and nothing is left behind.</summary>
public sealed partial class CreateContainerPage
{
    private readonly CreateContainerForm _form = new();
    private IReadOnlyDictionary<string, string> _errors = new Dictionary<string, string>();
    private IReadOnlyList<NodeState> _nodes = [];
    private IReadOnlyList<string> _images = [];
    private string? _error;
    private bool _busy;

    /// <summary>The image to begin with.</summary>
    [SupplyParameterFromQuery(Name = "image")]
    public string? InitialImage { get; set; }

    /// <summary>The node to begin with.</summary>
    [SupplyParameterFromQuery(Name = "node")]
    public Guid? InitialNode { get; set; }

    [Inject]
    public required ContainerCommands Containers { get; init; }

    [Inject]
    public required ImageCommands Images { get; init; }

    [Inject]
    public required IFleet Fleet { get; init; }

    [Inject]
    public required IAuthorizer Authorizer { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private string ImageHint => _images.Count == 0
        ? T("This node has no image yet: get one on the page Images.")
        : _images.Count == 1
            ? T("This node has {0}.", _images[0])
            : T("One of the {0} on this node.", _images.Count);

    protected override async Task OnInitializedAsync()
    {
        var access = await Authorizer.ReadAccessAsync((await Authentication).User, CancellationToken.None);
        _nodes = [.. Fleet.Current.Nodes.Values
            .Where(node => node.Presence == NodePresence.Online && node.TakesPlacements)
            .Where(node => access.Allows(PermissionNames.ContainersCreate, AccessScope.Node(node.Id)))
            .OrderBy(node => node.Name, StringComparer.OrdinalIgnoreCase)];
        _form.Image = InitialImage ?? "";
        _form.NodeId = _nodes.FirstOrDefault(node => node.Id == InitialNode)?.Id ?? _nodes.FirstOrDefault()?.Id;
        await LoadImagesAsync();
    }

    private async Task LoadImagesAsync()
    {
        _images = [];
        if (_form.NodeId is not { } nodeId)
        {
            return;
        }

        try
        {
            var images = await Images.ListAsync((await Authentication).User, nodeId, CancellationToken.None);
            _images = [.. images.SelectMany(image => image.Names).Order(StringComparer.OrdinalIgnoreCase)];
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            // Suggestions only: who may create but not list types the name.
            _images = [];
        }
    }

    private Task OnNodeAsync(ChangeEventArgs change)
    {
        _form.NodeId = Guid.TryParse(change.Value as string, out var id) ? id : null;
        return LoadImagesAsync();
    }

    private async Task CreateAsync()
    {
        _error = null;
        _errors = _form.Check(out var request);
        if (_errors.Count > 0 || _form.NodeId is not { } nodeId)
        {
            return;
        }

        _busy = true;
        try
        {
            var user = (await Authentication).User;
            var created = await Containers.CreateAsync(user, nodeId, request, CancellationToken.None);
            Navigation.NavigateTo($"nodes/{nodeId}/containers/{created.Id}");
        }
        catch (NodeCallException refusal)
        {
            var field = RefusedField.Of(refusal);
            _errors = field.Length > 0 ? new Dictionary<string, string> { [field] = refusal.Message } : _errors;
            _error = field.Length > 0 ? null : refusal.Message;
        }
        catch (AccessDeniedException denied)
        {
            _error = denied.Message;
        }
        finally
        {
            _busy = false;
        }
    }

    private string? ErrorOf(string field) => _errors.GetValueOrDefault(field);

    private string? Invalid(string field) => _errors.ContainsKey(field) ? "true" : null;
}
