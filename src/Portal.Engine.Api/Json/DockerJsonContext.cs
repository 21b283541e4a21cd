using System.Text.Json.Serialization;
using Portal.Engine.Api.Builds.Models;
using Portal.Engine.Api.Containers.Answers;
using Portal.Engine.Api.Containers.Models;
using Portal.Engine.Api.Containers.Stats;
using Portal.Engine.Api.Execs.Models;
using Portal.Engine.Api.Images.Models;
using Portal.Engine.Api.Networks.Models;
using Portal.Engine.Api.Registries.Models;
using Portal.Engine.Api.System.Models;
using Portal.Engine.Api.Volumes.Models;

namespace Portal.Engine.Api.Json;

/// <summary>All documents of the API. Names are Docker's; Go reads them without regard to case, and so do we.</summary>
/// <remarks>
/// What is read from requests has setters: generated code gives init-only properties that a document lacks their type's default, not
/// the one that is written on them.
/// </remarks>
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(List<string>))]
[JsonSerializable(typeof(ContainerCreateRequest))]
[JsonSerializable(typeof(CreateAnswer))]
[JsonSerializable(typeof(HostConfigModel))]
[JsonSerializable(typeof(UpdateAnswer))]
[JsonSerializable(typeof(ChangeModel))]
[JsonSerializable(typeof(PathStatModel))]
[JsonSerializable(typeof(ContainerConfigModel))]
[JsonSerializable(typeof(CommitAnswer))]
[JsonSerializable(typeof(ContainerInspectModel))]
[JsonSerializable(typeof(List<ContainerSummaryModel>))]
[JsonSerializable(typeof(WaitAnswer))]
[JsonSerializable(typeof(TopAnswer))]
[JsonSerializable(typeof(PruneAnswer))]
[JsonSerializable(typeof(StatsModel))]
[JsonSerializable(typeof(ExecCreateRequest))]
[JsonSerializable(typeof(ExecCreateAnswer))]
[JsonSerializable(typeof(ExecStartRequest))]
[JsonSerializable(typeof(ExecInspectModel))]
[JsonSerializable(typeof(List<ImageSummaryModel>))]
[JsonSerializable(typeof(ImageInspectModel))]
[JsonSerializable(typeof(List<ImageHistoryModel>))]
[JsonSerializable(typeof(List<ImageRemovalModel>))]
[JsonSerializable(typeof(ImagePruneAnswer))]
[JsonSerializable(typeof(ProgressModel))]
[JsonSerializable(typeof(BuildProgressModel))]
[JsonSerializable(typeof(BuildPruneAnswer))]
[JsonSerializable(typeof(List<NetworkModel>), TypeInfoPropertyName = "ListNetworkModel")]
[JsonSerializable(typeof(NetworkPruneAnswer))]
[JsonSerializable(typeof(NetworkCreateRequest))]
[JsonSerializable(typeof(NetworkCreateAnswer))]
[JsonSerializable(typeof(NetworkConnectRequest))]
[JsonSerializable(typeof(VolumeListAnswer))]
[JsonSerializable(typeof(VolumeCreateRequest))]
[JsonSerializable(typeof(VolumeModel))]
[JsonSerializable(typeof(VolumePruneAnswer))]
[JsonSerializable(typeof(VolumeRestoreAnswer))]
[JsonSerializable(typeof(VersionModel))]
[JsonSerializable(typeof(InfoModel))]
[JsonSerializable(typeof(EventModel))]
[JsonSerializable(typeof(DiskUsageModel))]
[JsonSerializable(typeof(StoreCheckModel))]
[JsonSerializable(typeof(List<SearchResultModel>))]
[JsonSerializable(typeof(DistributionModel))]
[JsonSerializable(typeof(AuthModel))]
[JsonSerializable(typeof(Dictionary<string, AuthModel>))]
[JsonSerializable(typeof(AuthAnswer))]
internal sealed partial class DockerJsonContext : JsonSerializerContext;
