using Google.Protobuf;
using Grpc.Core;
using Portal.Compose.Docker;
using Portal.Compose.Model;
using Portal.Compose.Nodes;
using Portal.Contracts.Permissions;
using Portal.Contracts.Stacks;
using Portal.Contracts.Stacks.V1;
using Portal.Web.Features.Deployments.Node;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Features.Stacks.Files;

namespace Portal.Web.Features.Deployments.Applying;

/// <summary>
/// Brings a revision's own files to its node: what services mount by a path in the project, and secrets. Each is a tree under the digest of
/// what is in it, so that what is there is not sent again, and another revision's files are never written over.
/// </summary>
internal static class BroughtFiles
{
    private const int LargestPart = 64 * 1024;

    /// <summary>By what <see cref="ContainerPlace.Brought"/> names each.</summary>
    public static IEnumerable<string> KeysOf(ComposeProject project) => project.Services
        .SelectMany(service => ProjectBinds.Of(service.Definition)
            .Concat(ServiceFile.SecretsOf(project, service).Select(secret => secret.PlaceKey)))
        .Distinct(StringComparer.Ordinal);

    /// <summary>Digests of all that a revision has of them.</summary>
    public static IReadOnlyList<string> DigestsOf(ComposeProject project, StackFileSet files) =>
        [.. TreesOf(project, files).Select(tree => tree.Digest).Distinct()];

    /// <summary>Brings what is not there yet.</summary>
    /// <returns>Where each is on the node.</returns>
    /// <exception cref="NodeAwayException">The node was not reached.</exception>
    /// <exception cref="NodeRefusalException">It did not take them.</exception>
    public static async Task<IReadOnlyDictionary<string, string>> BringAsync(
        ApplyContext context, Guid stackId, CancellationToken cancellationToken)
    {
        var trees = TreesOf(context.Project, context.Files);
        if (trees.Count == 0)
        {
            return new Dictionary<string, string>();
        }

        await TellReadOnlyAsync(context, cancellationToken);
        var client = new StackFileService.StackFileServiceClient(context.Node.Invoker(PermissionNames.StacksDeploy));
        var request = new FindTreesRequest { StackId = $"{stackId:N}" };
        request.Digests.AddRange(trees.Select(tree => tree.Digest).Distinct());
        return await ToldAsync(context.Node, async () =>
        {
            var found = await client.FindTreesAsync(request, cancellationToken: cancellationToken);
            var missing = found.Missing.ToHashSet(StringComparer.Ordinal);
            foreach (var tree in trees.Where(tree => missing.Remove(tree.Digest)))
            {
                await context.Journal.StepAsync(
                    context.Phase,
                    tree.InMemory ? N("Bring a secret to the node") : E("Bring '{0}' to the node", tree.Key),
                    _ => PutAsync(client, request.StackId, tree, cancellationToken),
                    cancellationToken);
            }

            context.Node.StackFolders = [found.Folder, found.MemoryFolder];
            return trees.ToDictionary(tree => tree.Key, tree => tree.PlaceBelow(found), StringComparer.Ordinal);
        });
    }

    /// <summary>Removes what no container of the node and not this revision has.</summary>
    /// <exception cref="NodeAwayException">The node was not reached.</exception>
    /// <exception cref="NodeRefusalException">It could not.</exception>
    public static Task PruneAsync(NodeDocker node, Guid stackId, IEnumerable<string> keep, CancellationToken cancellationToken)
    {
        var request = new PruneTreesRequest { StackId = $"{stackId:N}" };
        request.Keep.AddRange(keep);
        var client = new StackFileService.StackFileServiceClient(node.Invoker(PermissionNames.StacksDeploy));
        return ToldAsync(node, async () => await client.PruneTreesAsync(request, cancellationToken: cancellationToken));
    }

    private static List<Tree> TreesOf(ComposeProject project, StackFileSet files)
    {
        var binds = project.Services.SelectMany(service => ProjectBinds.Of(service.Definition)).Distinct(StringComparer.Ordinal)
            .Select(source => new Tree(source, files.TreeAt(ProjectBinds.PathOf(source)), InMemory: false));
        var secrets = project.Services.SelectMany(service => ServiceFile.SecretsOf(project, service)).DistinctBy(secret => secret.PlaceKey)
            .Select(secret => new Tree(
                secret.PlaceKey,
                [new StackTreeFile("", secret.Mode & 0b111_111_111, secret.UserId, secret.GroupId, secret.Content)],
                InMemory: true));
        return [.. binds.Concat(secrets).Where(tree => tree.Files.Count > 0)];
    }

    private static async Task TellReadOnlyAsync(ApplyContext context, CancellationToken cancellationToken)
    {
        foreach (var service in context.Project.Services)
        {
            foreach (var mount in service.Definition.Items("volumes").OfType<ComposeMap>().Where(mount =>
                mount.Text("type") == "bind" && ProjectBinds.IsOfProject(mount.Text("source")!) && !mount.Flag("read_only")))
            {
                await context.Journal.WriteAsync(
                    E("{0:name}: '{1}' is mounted read-only, as all of a revision's files; for what it writes use a volume.",
                        service.Name, mount.Text("source")),
                    false,
                    cancellationToken);
            }
        }
    }

    private static async Task PutAsync(
        StackFileService.StackFileServiceClient client, string stackId, Tree tree, CancellationToken cancellationToken)
    {
        using var call = client.PutTree(cancellationToken: cancellationToken);
        var head = new TreeHead { StackId = stackId, Digest = tree.Digest, InMemory = tree.InMemory };
        await call.RequestStream.WriteAsync(new PutTreeRequest { Head = head }, cancellationToken);
        foreach (var file in tree.Files)
        {
            var told = new TreeFile
            {
                Path = file.Path,
                Mode = (uint)file.Mode,
                UserId = (uint)file.UserId,
                GroupId = (uint)file.GroupId,
                SizeBytes = file.Content.Length,
            };
            await call.RequestStream.WriteAsync(new PutTreeRequest { File = told }, cancellationToken);
            for (var rest = file.Content; rest.Length > 0; rest = rest[Math.Min(rest.Length, LargestPart)..])
            {
                var part = ByteString.CopyFrom(rest.Span[..Math.Min(rest.Length, LargestPart)]);
                await call.RequestStream.WriteAsync(new PutTreeRequest { Data = part }, cancellationToken);
            }
        }

        await call.RequestStream.CompleteAsync();
        await call.ResponseAsync;
    }

    private static async Task<T> ToldAsync<T>(NodeDocker node, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (RpcException failure) when (failure.StatusCode == StatusCode.Unimplemented)
        {
            throw new NodeRefusalException(
                0, E("The agent of '{0}' is too old to be brought a stack's own files and secrets. Update it.", node.NodeName));
        }
        catch (RpcException failure) when (NodeDocker.IsAway(failure))
        {
            throw new NodeAwayException(NodeCallException.From(failure, node.NodeName).Message, failure);
        }
        catch (RpcException failure)
        {
            throw new NodeRefusalException(
                0,
                E("Bringing the stack's files to '{0}' failed: {1:said}",
                    node.NodeName, NodeCallException.From(failure, node.NodeName).Message));
        }
    }

    private sealed record Tree(string Key, IReadOnlyList<StackTreeFile> Files, bool InMemory)
    {
        public string Digest { get; } = StackTree.DigestOf(Files, InMemory);

        public string PlaceBelow(FindTreesResponse found) =>
            $"{(InMemory ? found.MemoryFolder : found.Folder)}/{Digest}/"
            + (Files is [{ Path: "" }] ? StackTree.FileName : StackTree.FolderName);

        /// <summary>Without what may be secret.</summary>
        public override string ToString() => $"Tree {{ {Key} }}";
    }
}
