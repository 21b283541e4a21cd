using Google.Protobuf.WellKnownTypes;
using Portal.Contracts.Images.V1;
using Portal.Engine.Api.Images;
using Portal.Engine.Errors;
using Portal.Engine.Images;
using ContractHistory = Portal.Contracts.Images.V1.ImageHistoryEntry;
using ContractPhase = Portal.Contracts.Images.V1.TransferPhase;
using ContractProgress = Portal.Contracts.Images.V1.TransferProgress;
using ContractPushed = Portal.Contracts.Images.V1.PushedImage;
using ContractUser = Portal.Contracts.Images.V1.ImageUser;
using EnginePushed = Portal.Engine.Distribution.Pushing.PushedImage;
using EngineProgress = Portal.Engine.Images.TransferProgress;

namespace Portal.Agent.Services;

/// <summary>Between the engine's images and the contract's.</summary>
internal static class ImageMapping
{
    // An error travels in headers, which are bounded.
    private const int MostUsersTold = 50;
    private const int MostNamesTold = 20;

    /// <param name="image">The image.</param>
    /// <param name="sharedBytes">Bytes of its layers that other images have too; null where that was not asked for.</param>
    public static Image ToImage(ImageSummary image, long? sharedBytes = null)
    {
        var result = new Image
        {
            Id = image.Id,
            CreatedAt = Timestamp.FromDateTimeOffset(image.Created),
            SizeBytes = image.Size,
            Containers = image.Containers,
            Problem = image.Problem ?? "",
        };
        if (sharedBytes is { } shared)
        {
            result.SharedBytes = shared;
        }

        result.Names.AddRange(image.Names);
        result.Digests.AddRange(image.Digests);
        result.Platforms.AddRange(image.Platforms.Select(platform => platform.ToString()));
        foreach (var (key, value) in image.Labels)
        {
            result.Labels[key] = value;
        }

        return result;
    }

    /// <param name="image">The image.</param>
    /// <param name="containers">How many containers use it.</param>
    public static Image ToImage(ImageDetails image, int containers)
    {
        var result = new Image
        {
            Id = image.Id,
            CreatedAt = Timestamp.FromDateTimeOffset(image.Created),
            SizeBytes = image.Size,
            Containers = containers,
            Problem = image.Problem ?? "",
        };
        result.Names.AddRange(image.Names);
        result.Digests.AddRange(image.Digests);
        result.Platforms.Add(image.Platform.ToString());
        foreach (var (key, value) in image.Config.Labels)
        {
            result.Labels[key] = value;
        }

        return result;
    }

    public static InspectImageResponse ToInspection(ImageDetails image, int containers)
    {
        var response = new InspectImageResponse
        {
            Image = ToImage(image, containers),
            Platform = image.Platform.ToString(),
            WorkingDirectory = image.Config.WorkingDirectory,
            User = image.Config.User,
            Author = image.Author,
            StopSignal = image.Config.StopSignal,
            Json = DockerImageInspect.Format(image),
        };
        response.Entrypoint.AddRange(image.Config.Entrypoint ?? []);
        response.Command.AddRange(image.Config.Command ?? []);
        response.Environment.AddRange(image.Config.Environment);
        response.ExposedPorts.AddRange(image.Config.ExposedPorts);
        response.DiffIds.AddRange(image.DiffIds);
        response.Volumes.AddRange(image.Config.Volumes);

        // Steps that made a layer come in the order of the layers.
        var sizes = new Queue<long>(image.LayerSizes);
        response.History.AddRange(image.History.Select(entry => new ContractHistory
        {
            CreatedAt = Mapping.ToTimestamp(entry.Created),
            CreatedBy = entry.CreatedBy,
            Comment = entry.Comment,
            EmptyLayer = entry.EmptyLayer,
            SizeBytes = !entry.EmptyLayer && sizes.TryDequeue(out var size) ? size : 0,
        }));
        return response;
    }

    public static ContractPushed ToPushed(EnginePushed image)
    {
        var result = new ContractPushed { Name = image.Name, Tag = image.Tag, Digest = image.Digest, InsteadOf = image.InsteadOf ?? "" };
        result.Platforms.AddRange(image.Platforms.Select(platform => platform.ToString()));
        return result;
    }

    public static ImageConflict ToConflict(ImageConflictException conflict)
    {
        var result = new ImageConflict
        {
            ImageId = conflict.ImageId,
            UserCount = conflict.Users.Count,
            MayForce = conflict.MayForce,
        };
        result.Names.AddRange(conflict.Names.Take(MostNamesTold));
        result.Users.AddRange(conflict.Users.Take(MostUsersTold).Select(user => new ContractUser
        {
            ContainerId = user.ContainerId,
            Name = user.Name,
            Running = user.Running,
        }));
        return result;
    }

    public static ContractProgress ToProgress(EngineProgress progress)
    {
        var result = new ContractProgress
        {
            Item = progress.Item,
            Phase = (ContractPhase)((int)progress.Phase + 1),
            Current = progress.Current,
            Message = progress.Message ?? "",
        };
        if (progress.Total is { } total)
        {
            result.Total = total;
        }

        return result;
    }

    /// <summary>Reads <c>os/architecture[/variant]</c>; empty stands for the node's own.</summary>
    public static ImagePlatform? ToPlatform(string text) => text.Split('/') switch
    {
        [""] => null,
        [var os, var architecture] when os.Length > 0 && architecture.Length > 0 => new ImagePlatform(os, architecture),
        [var os, var architecture, var variant] when os.Length > 0 && architecture.Length > 0 && variant.Length > 0 =>
            new ImagePlatform(os, architecture, variant),
        _ => throw EngineException.InvalidArgument($"'{text}' is no platform. Examples: linux/amd64, linux/arm/v7."),
    };
}
