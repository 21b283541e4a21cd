using System.Globalization;
using Portal.Engine.Containers.Health;
using Portal.Engine.Content;
using Portal.Engine.Errors;

namespace Portal.Engine.Images.Formats;

/// <summary>A parsed and checked configuration.</summary>
internal sealed class ImageConfiguration
{
    private readonly ConfigDocument _document;

    private ImageConfiguration(Digest id, ConfigDocument document, IReadOnlyList<Digest> diffIds)
    {
        Id = id;
        _document = document;
        DiffIds = diffIds;
        ChainIds = MakeChain(diffIds);
    }

    public Digest Id { get; }

    public IReadOnlyList<Digest> DiffIds { get; }

    /// <summary>The chain id of each layer, lowest first.</summary>
    public IReadOnlyList<Digest> ChainIds { get; }

    public DateTimeOffset Created => ParseTime(_document.Created) ?? DateTimeOffset.UnixEpoch;

    public ImagePlatform Platform => new(
        string.IsNullOrEmpty(_document.Os) ? "linux" : _document.Os,
        string.IsNullOrEmpty(_document.Architecture) ? PlatformChoice.Host.Architecture : _document.Architecture,
        string.IsNullOrEmpty(_document.Variant) ? null : _document.Variant);

    public IReadOnlyDictionary<string, string> Labels => WithoutNulls(_document.Config?.Labels);

    /// <summary>Reads a configuration for a manifest that names the given number of layers.</summary>
    /// <exception cref="EngineException">InvalidArgument: malformed, or it does not fit the manifest.</exception>
    public static ImageConfiguration Read(ReadOnlySpan<byte> content, int? layers = null)
    {
        var id = Digest.Of(content);
        var document = FormatJson.Parse(content, FormatJson.Default.ConfigDocument, $"The image configuration {id}");
        if (document.RootFs?.DiffIds is not { } texts)
        {
            throw EngineException.InvalidArgument(
                $"The configuration {id} lists no layers. It is not the configuration of a container image.");
        }

        if (layers is { } count && count != texts.Count)
        {
            throw EngineException.InvalidArgument(
                $"The image {id} is damaged: its configuration lists {texts.Count} layers, its manifest {count}.");
        }

        return new ImageConfiguration(id, document, [.. texts.Select(text => Digest.Parse(text, $"a layer of image {id}"))]);
    }

    public ImageDetails Describe(IReadOnlyList<string> names, IReadOnlyList<string> digests, long size)
    {
        return new ImageDetails
        {
            Id = Id.ToString(),
            Names = names,
            Digests = digests,
            Created = Created,
            Author = _document.Author ?? "",
            Platform = Platform,
            Size = size,
            Config = DescribeDefaults(_document.Config ?? new ConfigDocument.ConfigDefaults()),
            DiffIds = [.. DiffIds.Select(diffId => diffId.ToString())],
            ChainId = ChainIds.Count == 0 ? null : ChainIds[^1].ToString(),
            History = [.. (_document.History ?? []).OfType<ConfigDocument.ConfigHistory>().Select(step => new ImageHistoryEntry(
                ParseTime(step.Created), step.CreatedBy ?? "", step.Comment ?? "", step.EmptyLayer))],
        };
    }

    private static ImageConfig DescribeDefaults(ConfigDocument.ConfigDefaults defaults)
    {
        return new ImageConfig
        {
            User = defaults.User ?? "",
            Environment = WithoutNulls(defaults.Env) ?? [],
            Entrypoint = WithoutNulls(defaults.Entrypoint),
            Command = WithoutNulls(defaults.Cmd),
            WorkingDirectory = defaults.WorkingDir ?? "",
            ExposedPorts = [.. defaults.ExposedPorts?.Keys.Order(StringComparer.Ordinal) ?? Enumerable.Empty<string>()],
            Volumes = [.. defaults.Volumes?.Keys.Order(StringComparer.Ordinal) ?? Enumerable.Empty<string>()],
            Labels = WithoutNulls(defaults.Labels),
            StopSignal = defaults.StopSignal ?? "",
            Healthcheck = defaults.Healthcheck is { } check ? DescribeHealthcheck(check) : null,
            Shell = WithoutNulls(defaults.Shell),
            OnBuild = WithoutNulls(defaults.OnBuild) ?? [],
        };
    }

    private static Healthcheck DescribeHealthcheck(ConfigDocument.ConfigHealthcheck check)
    {
        return new Healthcheck
        {
            Test = WithoutNulls(check.Test) ?? [],
            Interval = Duration(check.Interval),
            Timeout = Duration(check.Timeout),
            StartPeriod = Duration(check.StartPeriod),
            StartInterval = Duration(check.StartInterval),
            Retries = check.Retries,
        };

        // What an image says is checked when a container is made of it.
        static TimeSpan Duration(long nanoseconds) => new(nanoseconds / TimeSpan.NanosecondsPerTick);
    }

    // The parser lets null stand where a text of a list or map should be; an empty list means the same as none.
    private static IReadOnlyList<string>? WithoutNulls(IReadOnlyList<string>? texts) =>
        texts is null or { Count: 0 } ? null : [.. texts.Select(text => text ?? "")];

    private static Dictionary<string, string> WithoutNulls(Dictionary<string, string>? texts) =>
        texts?.ToDictionary(pair => pair.Key, pair => pair.Value ?? "") ?? [];

    private static List<Digest> MakeChain(IReadOnlyList<Digest> diffIds)
    {
        var chain = new List<Digest>(diffIds.Count);
        foreach (var diffId in diffIds)
        {
            chain.Add(Digest.Chain(chain.Count == 0 ? null : chain[^1], diffId));
        }

        return chain;
    }

    private static DateTimeOffset? ParseTime(string? text)
    {
        // Go writes nanoseconds, .NET keeps tenths of microseconds; times say nothing that we rely on, so a bad one is just none.
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
    }
}
