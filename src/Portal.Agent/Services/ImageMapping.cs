using Google.Protobuf.WellKnownTypes;
using Portal.Contracts.Images.V1;
using Portal.Engine.Errors;
using Portal.Engine.Images;
using ContractHistory = Portal.Contracts.Images.V1.ImageHistoryEntry;
using ContractPhase = Portal.Contracts.Images.V1.TransferPhase;
using ContractProgress = Portal.Contracts.Images.V1.TransferProgress;
using EngineProgress = Portal.Engine.Images.TransferProgress;

namespace Portal.Agent.Services;

/// <summary>Between the engine's images and the contract's.</summary>
internal static class ImageMapping
{
    public static Image ToImage(ImageSummary image)
    {
        var result = new Image
        {
            Id = image.Id,
            CreatedAt = Timestamp.FromDateTimeOffset(image.Created),
            SizeBytes = image.Size,
            Containers = image.Containers,
        };
        result.Names.AddRange(image.Names);
        result.Digests.AddRange(image.Digests);
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
        };
        result.Names.AddRange(image.Names);
        result.Digests.AddRange(image.Digests);
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
        };
        response.Entrypoint.AddRange(image.Config.Entrypoint ?? []);
        response.Command.AddRange(image.Config.Command ?? []);
        response.Environment.AddRange(image.Config.Environment);
        response.ExposedPorts.AddRange(image.Config.ExposedPorts);
        response.History.AddRange(image.History.Select(entry => new ContractHistory
        {
            CreatedAt = Mapping.ToTimestamp(entry.Created),
            CreatedBy = entry.CreatedBy,
            Comment = entry.Comment,
            EmptyLayer = entry.EmptyLayer,
        }));
        return response;
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
