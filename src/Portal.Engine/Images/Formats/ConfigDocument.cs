using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portal.Engine.Images.Formats;

/// <summary>An image's configuration (image-spec, <c>config.md</c>; Docker's is the same in all that is read here).</summary>
internal sealed record ConfigDocument
{
    [JsonPropertyName("created")]
    public string? Created { get; init; }

    [JsonPropertyName("author")]
    public string? Author { get; init; }

    [JsonPropertyName("architecture")]
    public string? Architecture { get; init; }

    [JsonPropertyName("variant")]
    public string? Variant { get; init; }

    [JsonPropertyName("os")]
    public string? Os { get; init; }

    [JsonPropertyName("config")]
    public ConfigDefaults? Config { get; init; }

    [JsonPropertyName("rootfs")]
    public ConfigRootFs? RootFs { get; init; }

    [JsonPropertyName("history")]
    public IReadOnlyList<ConfigHistory>? History { get; init; }

    /// <summary>The part that containers inherit.</summary>
    internal sealed record ConfigDefaults
    {
        [JsonPropertyName("User")]
        public string? User { get; init; }

        [JsonPropertyName("Env")]
        public IReadOnlyList<string>? Env { get; init; }

        [JsonPropertyName("Entrypoint")]
        public IReadOnlyList<string>? Entrypoint { get; init; }

        [JsonPropertyName("Cmd")]
        public IReadOnlyList<string>? Cmd { get; init; }

        [JsonPropertyName("WorkingDir")]
        public string? WorkingDir { get; init; }

        [JsonPropertyName("ExposedPorts")]
        public Dictionary<string, JsonElement>? ExposedPorts { get; init; }

        [JsonPropertyName("Volumes")]
        public Dictionary<string, JsonElement>? Volumes { get; init; }

        [JsonPropertyName("Labels")]
        public Dictionary<string, string>? Labels { get; init; }

        [JsonPropertyName("StopSignal")]
        public string? StopSignal { get; init; }

        [JsonPropertyName("Healthcheck")]
        public ConfigHealthcheck? Healthcheck { get; init; }

        [JsonPropertyName("Shell")]
        public IReadOnlyList<string>? Shell { get; init; }

        [JsonPropertyName("OnBuild")]
        public IReadOnlyList<string>? OnBuild { get; init; }
    }

    /// <summary>Docker's health check; times are in nanoseconds.</summary>
    internal sealed record ConfigHealthcheck
    {
        [JsonPropertyName("Test")]
        public IReadOnlyList<string>? Test { get; init; }

        [JsonPropertyName("Interval")]
        public long Interval { get; init; }

        [JsonPropertyName("Timeout")]
        public long Timeout { get; init; }

        [JsonPropertyName("StartPeriod")]
        public long StartPeriod { get; init; }

        [JsonPropertyName("StartInterval")]
        public long StartInterval { get; init; }

        [JsonPropertyName("Retries")]
        public int Retries { get; init; }
    }

    /// <summary>The layers.</summary>
    internal sealed record ConfigRootFs
    {
        [JsonPropertyName("type")]
        public string? Type { get; init; }

        [JsonPropertyName("diff_ids")]
        public IReadOnlyList<string>? DiffIds { get; init; }
    }

    /// <summary>One step of the build.</summary>
    internal sealed record ConfigHistory
    {
        [JsonPropertyName("created")]
        public string? Created { get; init; }

        [JsonPropertyName("created_by")]
        public string? CreatedBy { get; init; }

        [JsonPropertyName("comment")]
        public string? Comment { get; init; }

        [JsonPropertyName("empty_layer")]
        public bool EmptyLayer { get; init; }
    }
}
