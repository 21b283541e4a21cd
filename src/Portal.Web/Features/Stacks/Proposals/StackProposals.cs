using System.Security.Claims;
using System.Text.Json;
using Portal.Compose.Proposals;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Features.NodeCalls;

namespace Portal.Web.Features.Stacks.Proposals;

/// <summary>Proposes stacks of containers that a node has, whoever started them. Nothing is changed there.</summary>
internal sealed class StackProposals(INodeCalls calls)
{
    private const int Most = 50;
    private const int LongestName = 256;

    /// <param name="user">Who sees the containers.</param>
    /// <param name="nodeId">Whose they are.</param>
    /// <param name="containers">Names or ids.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="AccessDeniedException">The user may not see containers there.</exception>
    /// <exception cref="NodeCallException">The node was not reached, or has no such container.</exception>
    /// <exception cref="StackException">There are none, too many, or one that is no name.</exception>
    public async Task<ComposeProposal> ProposeAsync(
        ClaimsPrincipal user, Guid nodeId, IReadOnlyList<string> containers, CancellationToken cancellationToken)
    {
        var names = containers.Distinct(StringComparer.Ordinal).ToList();
        if (names.Count is 0 or > Most || !names.All(IsName))
        {
            throw new StackException(E("Choose 1 to {0} containers by their names.", Most));
        }

        var found = new List<FoundContainer>();
        var images = new Dictionary<string, JsonElement?>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var inspected = await ReadAsync(user, nodeId, PermissionNames.ContainersView, $"/containers/{name}/json", cancellationToken);
            var image = inspected.TryGetProperty("Image", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString()! : "";
            if (!images.TryGetValue(image, out var there))
            {
                images[image] = there = await TryReadImageAsync(user, nodeId, image, cancellationToken);
            }

            found.Add(new FoundContainer(inspected, there));
        }

        var proposal = ComposeProposals.Of(found);
        return found.All(container => container.Image is not null) ? proposal : proposal with
        {
            Notes = [.. proposal.Notes, N("Of an image nothing could be read: what it says itself stands in the file too.")],
        };
    }

    // Who may not see images, or finds it gone, gets a longer file.
    private async Task<JsonElement?> TryReadImageAsync(ClaimsPrincipal user, Guid nodeId, string image, CancellationToken cancellationToken)
    {
        if (image.Length is 0 or > LongestName || !image.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == ':'))
        {
            return null;
        }

        try
        {
            return await ReadAsync(user, nodeId, PermissionNames.ImagesView, $"/images/{image}/json", cancellationToken);
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            return null;
        }
    }

    private Task<JsonElement> ReadAsync(
        ClaimsPrincipal user, Guid nodeId, string permission, string path, CancellationToken cancellationToken) => calls.ReadAsync(
        user,
        nodeId,
        [PermissionNames.NodesView, permission],
        async invoker =>
        {
            using var document = JsonDocument.Parse(await DockerCalls.SendAsync(invoker, "GET", path, "", cancellationToken));
            return document.RootElement.Clone();
        },
        cancellationToken);

    private static bool IsName(string? name) => name is { Length: > 0 and <= LongestName } && char.IsAsciiLetterOrDigit(name[0])
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');
}
