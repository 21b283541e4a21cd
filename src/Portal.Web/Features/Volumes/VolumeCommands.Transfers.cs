using System.Runtime.CompilerServices;
using System.Security.Claims;
using Google.Protobuf;
using Grpc.Core;
using Portal.Contracts.Permissions;
using Portal.Contracts.Volumes.V1;
using Portal.Web.Encryption.Age;
using Portal.Web.Features.Files;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Features.Volumes.Transfers;

namespace Portal.Web.Features.Volumes;

/// <content>Backup and restore: the bytes pass through as they come.</content>
public sealed partial class VolumeCommands
{
    // One message on the wire; the contract allows no more.
    private const int PieceSize = 256 * 1024;

    /// <summary>Backs a volume up into a download.</summary>
    /// <param name="user">Under whose grants.</param>
    /// <param name="transfer">What was chosen; told how it goes.</param>
    /// <param name="download">Begun with the first bytes.</param>
    /// <param name="fileName">What the browser is to call it.</param>
    /// <param name="cancellationToken">Stops it on the node.</param>
    public Task<BackupSummary> BackupAsync(
        ClaimsPrincipal user, VolumeTransfer transfer, FileDownload download, string fileName, CancellationToken cancellationToken)
    {
        var begun = false;
        return BackupAsync(
            user,
            transfer,
            async data =>
            {
                if (!begun)
                {
                    begun = true;
                    download.Begin(fileName, "application/zstd", null);
                }

                await download.WriteAsync(data);
            },
            cancellationToken);
    }

    /// <summary>Backs a volume up.</summary>
    /// <param name="user">Under whose grants.</param>
    /// <param name="transfer">What was chosen; told how it goes.</param>
    /// <param name="write">Takes the archive piece by piece.</param>
    /// <param name="cancellationToken">Stops it on the node.</param>
    public Task<BackupSummary> BackupAsync(
        ClaimsPrincipal user, VolumeTransfer transfer, Func<ReadOnlyMemory<byte>, ValueTask> write, CancellationToken cancellationToken) =>
        calls.ChangeAsync(
            user,
            transfer.Volume.NodeId,
            Permissions(PermissionNames.VolumesBackup, transfer.Users),
            new ChangeSubject("volume.backup", "volume", transfer.Volume.Name, transfer.Volume.Name, Describe(transfer.Users)),
            async invoker =>
            {
                var request = new BackupVolumeRequest { Volume = transfer.Volume.Name, Users = transfer.Users };
                using var call = Client(invoker).BackupVolume(request, cancellationToken: cancellationToken);
                await foreach (var message in call.ResponseStream.ReadAllAsync(cancellationToken))
                {
                    switch (message.EventCase)
                    {
                        case BackupVolumeResponse.EventOneofCase.Progress:
                            transfer.Report(message.Progress);
                            break;
                        case BackupVolumeResponse.EventOneofCase.Summary:
                            return message.Summary;
                        default:
                            await write(message.Data.Memory);
                            break;
                    }
                }

                throw new RpcException(new Status(StatusCode.Internal, N("The node ended the backup before it was whole. Try again.")));
            },
            CancellationToken.None);

    /// <summary>Restores a volume from an archive.</summary>
    /// <param name="user">Under whose grants.</param>
    /// <param name="transfer">What was chosen; told how it goes.</param>
    /// <param name="archive">Read to its end.</param>
    /// <param name="cancellationToken">Stops it; the volume is as it was.</param>
    public Task<RestoreSummary> RestoreAsync(
        ClaimsPrincipal user, VolumeTransfer transfer, Stream archive, CancellationToken cancellationToken)
    {
        var permissions = Permissions(PermissionNames.VolumesRestore, transfer.Users);
        if (transfer.Create)
        {
            permissions.Add(PermissionNames.VolumesCreate);
        }

        var how = transfer.Create ? "as a new volume" : transfer.Replace ? "in place of what was in it" : "";
        how = $"{how} {Describe(transfer.Users)}".Trim();
        return calls.ChangeAsync(
            user,
            transfer.Volume.NodeId,
            permissions,
            new ChangeSubject("volume.restore", "volume", transfer.Volume.Name, transfer.Volume.Name, how),
            async invoker =>
            {
                using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                await using var plain = await OpenAsync(archive, transfer, stop.Token);
                using var call = Client(invoker).RestoreVolume(cancellationToken: stop.Token);
                var answer = ReadAsync(call, transfer, stop.Token);
                try
                {
                    await FileSending.SendAsync(call.RequestStream, PiecesOf(plain ?? archive, transfer, stop.Token), answer);
                    return await answer;
                }
                catch (Exception failure) when (failure is RpcException or AgeException)
                {
                    // The browser went away, the node refused, or what came was not genuine: the other half must end too before it is told.
                    await stop.CancelAsync();
                    await Task.WhenAny(answer);
                    if (failure is AgeException)
                    {
                        throw new RpcException(new Status(StatusCode.InvalidArgument, failure.Message));
                    }

                    throw;
                }
            },
            CancellationToken.None);
    }

    // Null when it is in the clear.
    private static async Task<Stream?> OpenAsync(Stream archive, VolumeTransfer transfer, CancellationToken cancellationToken)
    {
        // Good for this once: the transfer stays listed for a while.
        var identity = transfer.Identity;
        transfer.Identity = null;
        try
        {
            return identity is null ? null : await AgeOpeningStream.OpenAsync(archive, identity, cancellationToken);
        }
        catch (AgeException failure)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, failure.Message));
        }
    }

    private static async Task<RestoreSummary> ReadAsync(
        AsyncDuplexStreamingCall<RestoreVolumeRequest, RestoreVolumeResponse> call, VolumeTransfer transfer,
        CancellationToken cancellationToken)
    {
        await foreach (var message in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            if (message.EventCase == RestoreVolumeResponse.EventOneofCase.Summary)
            {
                return message.Summary;
            }

            transfer.Report(message.Progress);
        }

        throw new RpcException(
            new Status(StatusCode.Internal, N("The node ended the restore without a result. Look at the volume, and try again.")));
    }

    private static async IAsyncEnumerable<RestoreVolumeRequest> PiecesOf(
        Stream archive, VolumeTransfer transfer, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new RestoreVolumeRequest
        {
            Target = new RestoreTarget
            {
                Volume = transfer.Volume.Name, Create = transfer.Create, Replace = transfer.Replace, Users = transfer.Users,
            },
        };
        var piece = new byte[PieceSize];
        int count;
        while ((count = await archive.ReadAtLeastAsync(piece, PieceSize, throwOnEndOfStream: false, cancellationToken)) > 0)
        {
            yield return new RestoreVolumeRequest { Data = ByteString.CopyFrom(piece, 0, count) };
        }
    }

    private static List<string> Permissions(string permission, UserHandling users) => users switch
    {
        UserHandling.Pause => [permission, PermissionNames.ContainersPause],
        UserHandling.Stop => [permission, PermissionNames.ContainersStop],
        _ => [permission],
    };

    private static string Describe(UserHandling users) => users switch
    {
        UserHandling.Pause => "its containers paused",
        UserHandling.Stop => "its containers stopped",
        _ => "",
    };
}
