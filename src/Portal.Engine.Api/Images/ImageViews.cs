using Portal.Engine.Api.Containers.Models;
using Portal.Engine.Api.Containers.Models.Health;
using Portal.Engine.Api.Images.Models;
using Portal.Engine.Api.Json;
using Portal.Engine.Api.Routing;
using Portal.Engine.Images;

namespace Portal.Engine.Api.Images;

/// <summary>Images in Docker's shapes.</summary>
internal static class ImageViews
{
    private const string Missing = "<missing>";
    private static readonly ApiVersion s_withoutVirtualSize = new(1, 44);

    /// <param name="image">The image.</param>
    /// <param name="version">Of the API, as the client asked for it.</param>
    public static ImageSummaryModel Summary(ImageSummary image, ApiVersion version)
    {
        return new ImageSummaryModel
        {
            Containers = image.Containers,
            Created = image.Created.ToUnixTimeSeconds(),
            Id = image.Id,
            Labels = new Dictionary<string, string>(image.Labels),
            RepoDigests = [.. image.Digests],
            RepoTags = [.. image.Names],
            Size = image.Size,
            VirtualSize = version < s_withoutVirtualSize ? image.Size : null,
        };
    }

    public static ImageInspectModel Inspect(
        ImageDetails image, ApiVersion version, IReadOnlyDictionary<string, string>? folders = null)
    {
        return new ImageInspectModel
        {
            Id = image.Id,
            RepoTags = [.. image.Names],
            RepoDigests = [.. image.Digests],
            Comment = image.History is [.., var last] ? last.Comment : "",
            Created = GoTime.Format(image.Created),
            Author = image.Author,
            Config = Config(image.Config),
            Architecture = image.Platform.Architecture,
            Variant = image.Platform.Variant,
            Os = image.Platform.Os,
            Size = image.Size,
            VirtualSize = version < s_withoutVirtualSize ? image.Size : null,
            GraphDriver = new GraphDriverModel { Data = folders is null ? [] : new(folders) },
            RootFS = new RootFsModel("layers", [.. image.DiffIds]),
        };
    }

    /// <summary>Newest step first; only the newest carries the image's id, as in Docker where steps are not images of their own.</summary>
    public static List<ImageHistoryModel> History(ImageDetails image)
    {
        // Steps that made a layer come in the order of the layers.
        var sizes = new Queue<long>(image.LayerSizes);
        var steps = image.History
            .Select(step => (Step: step, Size: !step.EmptyLayer && sizes.TryDequeue(out var size) ? size : 0))
            .Reverse()
            .ToList();
        return steps
            .Select((row, index) => new ImageHistoryModel
            {
                Comment = row.Step.Comment,
                Created = (row.Step.Created ?? DateTimeOffset.UnixEpoch).ToUnixTimeSeconds(),
                CreatedBy = row.Step.CreatedBy,
                Id = index == 0 ? image.Id : Missing,
                Size = row.Size,
                Tags = index == 0 && image.Names.Count > 0 ? [.. image.Names] : null,
            })
            .ToList();
    }

    public static List<ImageRemovalModel> Removal(ImageRemoval removal)
    {
        return removal.Untagged.Select(name => new ImageRemovalModel { Untagged = name })
            .Concat(removal.Deleted.Select(digest => new ImageRemovalModel { Deleted = digest }))
            .ToList();
    }

    private static ImageConfigModel Config(ImageConfig config)
    {
        return new ImageConfigModel
        {
            ExposedPorts = config.ExposedPorts.Count == 0 ? null : EmptyObject.SetOf(config.ExposedPorts),
            User = config.User,
            Env = [.. config.Environment],
            Cmd = config.Command is null ? null : [.. config.Command],
            Volumes = config.Volumes.Count == 0 ? null : EmptyObject.SetOf(config.Volumes),
            WorkingDir = config.WorkingDirectory,
            Entrypoint = config.Entrypoint is null ? null : [.. config.Entrypoint],
            Labels = config.Labels.Count == 0 ? null : new Dictionary<string, string>(config.Labels),
            StopSignal = config.StopSignal.Length == 0 ? null : config.StopSignal,
            Healthcheck = HealthcheckModel.From(config.Healthcheck),
            OnBuild = config.OnBuild.Count == 0 ? null : [.. config.OnBuild],
            Shell = config.Shell is { Count: > 0 } shell ? [.. shell] : null,
        };
    }
}
