using Grpc.Core;
using Portal.Contracts.Stacks;
using Portal.Contracts.Stacks.V1;
using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Engine.Storage;

namespace Portal.Agent.Services.Stacks;

/// <summary>Files that containers of stacks mount, from the portal.</summary>
internal sealed class StackFileGrpcService(StackTrees trees, IContainers containers) : StackFileService.StackFileServiceBase
{
    private const int MostDigests = 500;

    public override Task<FindTreesResponse> FindTrees(FindTreesRequest request, ServerCallContext context)
    {
        Check(request.StackId, request.Digests);
        var response = new FindTreesResponse
        {
            Folder = trees.FolderOf(request.StackId),
            MemoryFolder = trees.MemoryFolderOf(request.StackId),
        };
        response.Missing.AddRange(request.Digests.Distinct().Where(digest => !trees.Has(request.StackId, digest)));
        return Task.FromResult(response);
    }

    public override async Task<PutTreeResponse> PutTree(IAsyncStreamReader<PutTreeRequest> requestStream, ServerCallContext context)
    {
        var upload = new TreeUpload(requestStream);
        var (head, files) = await upload.ReadAsync(context.CancellationToken).ConfigureAwait(false);
        if (StackTree.DigestOf(files, head.InMemory) != head.Digest)
        {
            throw EngineException.InvalidArgument(
                "What came is not what the digest says, so nothing was kept of it. Send the files again.");
        }

        try
        {
            trees.Put(head.StackId, head.Digest, head.InMemory, files);
        }
        catch (IOException failure) when (DiskErrors.IsFull(failure))
        {
            throw DiskErrors.Full("Writing the files of a stack", failure);
        }

        return new PutTreeResponse();
    }

    public override async Task<PruneTreesResponse> PruneTrees(PruneTreesRequest request, ServerCallContext context)
    {
        Check(request.StackId, request.Keep);
        var there = await containers.ListAsync(cancellationToken: context.CancellationToken).ConfigureAwait(false);
        var mounted = there.SelectMany(container => container.Mounts).Select(mount => mount.Source);
        return new PruneTreesResponse { Removed = trees.Prune(request.StackId, request.Keep, mounted) };
    }

    private static void Check(string stackId, IReadOnlyCollection<string> digests)
    {
        if (!StackTree.IsStackId(stackId) || digests.Count > MostDigests || !digests.All(StackTree.IsDigest))
        {
            throw EngineException.InvalidArgument(
                $"A stack's id has 32 hexadecimal digits, a digest 64, and there are up to {MostDigests}.");
        }
    }
}
