using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Contracts.Images.V1;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Components.Shared;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Images;

/// <summary>The images of a node, and the ways to get more.</summary>
public sealed partial class ImagesPage
{
    private IReadOnlyList<NodeState> _nodes = [];
    private IReadOnlyList<ImagePull> _pulls = [];
    private IReadOnlyList<Image>? _images;
    private Guid? _nodeId;
    private string _reference = "";
    private string? _pullError;
    private string? _error;
    private EffectiveAccess _access = EffectiveAccess.None;
    private bool _busy;

    [SupplyParameterFromQuery(Name = "node")]
    public Guid? Node { get; set; }

    [Inject]
    public required ImageCommands Images { get; init; }

    [Inject]
    public required ImagePulls Pulls { get; init; }

    [Inject]
    public required IFleet Fleet { get; init; }

    [Inject]
    public required IAuthorizer Authorizer { get; init; }

    [Inject]
    public required Confirmations Confirmations { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private string Summary => _images is null ? "" : $"{_images.Count} on {NodeName}, {Units.Bytes(_images.Sum(image => image.SizeBytes))} in all";

    private string NodeName => _nodes.FirstOrDefault(node => node.Id == _nodeId)?.Name ?? "this node";

    private string EmptyText => !May(PermissionNames.ImagesPull)
        ? "Images that are pulled or uploaded appear here."
        : OffersBusybox
            ? "Pull one, upload an archive, or begin with the busybox that is on this host: no registry needed."
            : "Pull one from a registry, or upload an archive.";

    private bool OffersBusybox =>
        May(PermissionNames.ImagesLoad) && _nodes.FirstOrDefault(node => node.Id == _nodeId)?.Facts?.HasBusybox == true;

    protected override async Task OnParametersSetAsync()
    {
        var user = (await Authentication).User;
        var access = _access = await Authorizer.ReadAccessAsync(user, CancellationToken.None);
        _nodes = [.. Fleet.Current.Nodes.Values
            .Where(node => node.Presence == NodePresence.Online)
            .Where(node => access.Allows(PermissionNames.ImagesView, AccessScope.Node(node.Id)))
            .OrderBy(node => node.Name, StringComparer.OrdinalIgnoreCase)];
        _nodeId = _nodes.FirstOrDefault(node => node.Id == Node)?.Id ?? _nodes.FirstOrDefault()?.Id;
        if (_nodeId is { } nodeId)
        {
            _pulls = Pulls.Find(user, nodeId);
            await LoadAsync();
        }
    }

    private bool May(string permission) => _nodeId is { } nodeId && _access.Allows(permission, AccessScope.Node(nodeId));

    private async Task LoadAsync()
    {
        _error = null;
        try
        {
            var images = await Images.ListAsync((await Authentication).User, _nodeId!.Value, CancellationToken.None);
            _images = [.. images.OrderBy(image => image.Names.FirstOrDefault() ?? "~", StringComparer.OrdinalIgnoreCase)];
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            _error = failure.Message;
        }
    }

    private void OnNode(ChangeEventArgs change) =>
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("node", change.Value as string), replace: true);

    private async Task Pull()
    {
        _pullError = null;
        var reference = _reference.Trim();
        if (reference.Length == 0)
        {
            _pullError = "Name the image to pull, such as busybox or registry.example.com/team/app:1.2.";
            return;
        }

        var user = (await Authentication).User;
        Pulls.Start(user, _nodeId!.Value, reference);
        _pulls = Pulls.Find(user, _nodeId.Value);
        _reference = "";
    }

    private async Task DismissAsync(ImagePull pull)
    {
        Pulls.Dismiss(pull);
        _pulls = Pulls.Find((await Authentication).User, _nodeId!.Value);
    }

    private Task CreateBusyboxAsync() =>
        ChangeAsync(async () => await Images.CreateBusyboxAsync((await Authentication).User, _nodeId!.Value, CancellationToken.None));

    private async Task RemoveAsync(Image image)
    {
        var name = NameOf(image);
        var lost = image.Names.Count > 1
            ? "The other names of this image stay, and so does the image."
            : "It has to be pulled or uploaded again when it is needed.";
        if (await Confirmations.AskAsync($"Remove '{name}' from {NodeName}?", lost, "Remove"))
        {
            await ChangeAsync(async () =>
                await Images.RemoveAsync((await Authentication).User, _nodeId!.Value, name, force: false, CancellationToken.None));
        }
    }

    private async Task ChangeAsync(Func<Task> change)
    {
        _busy = true;
        string? error = null;
        try
        {
            await change();
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            error = failure.Message;
        }
        finally
        {
            _busy = false;
        }

        await LoadAsync();
        _error ??= error;
    }

    private string CreateHref(Image image) => $"containers/create?node={_nodeId}&image={Uri.EscapeDataString(NameOf(image))}";

    private static string NameOf(Image image) => image.Names.FirstOrDefault() ?? image.Id;

    private static string ShortId(string id) => id.Replace("sha256:", "", StringComparison.Ordinal)[..12];
}
