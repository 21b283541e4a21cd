using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Portal.Engine.Builds.Caching;
using Portal.Engine.Content;
using Portal.Engine.Images;

namespace Portal.Engine.Builds.Execution.States;

/// <summary>What a stage has come to: layers, configuration, history, arguments. One stage changes it, step by step; others get a copy.</summary>
internal sealed class StageState
{
    public required ImagePlatform Platform { get; init; }

    public List<StageLayer> Layers { get; } = [];

    public ImageSettings Settings { get; init; } = new(new JsonObject());

    public List<JsonObject> History { get; } = [];

    /// <summary>Results of the steps of this stage and those below it, in their order.</summary>
    public List<CacheRecord> Records { get; } = [];

    /// <summary>The key of the last step; null while there is none.</summary>
    public string? LastKey => Records.Count == 0 ? null : Records[^1].Key;

    public string? Author { get; set; }

    public DateTimeOffset Created { get; set; }

    /// <summary>Arguments that this stage declared, in their order.</summary>
    public List<KeyValuePair<string, string>> Arguments { get; } = [];

    /// <summary>What an image that is this would have for its id.</summary>
    public Digest Digest => Digest.Of(ToConfiguration());

    public Digest? ChainId => Layers.Count == 0 ? null : Layers[^1].ChainId;

    /// <summary>A stage that begins with this one's result. Arguments end with their stage.</summary>
    public StageState Copy()
    {
        var copy = new StageState
        {
            Platform = Platform,
            Settings = Settings.Copy(),
            Author = Author,
            Created = Created,
        };
        copy.Records.AddRange(Records);
        copy.Layers.AddRange(Layers);
        copy.History.AddRange(History.Select(step => (JsonObject)step.DeepClone()));
        return copy;
    }

    public void SetArgument(string name, string value)
    {
        Arguments.RemoveAll(pair => pair.Key == name);
        Arguments.Add(new(name, value));
    }

    /// <summary>What words of instructions see: arguments, and variables, which win.</summary>
    public Dictionary<string, string> Variables()
    {
        var variables = Arguments.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        foreach (var variable in Settings.Environment)
        {
            var pair = variable.Split('=', 2);
            variables[pair[0]] = pair.Length > 1 ? pair[1] : "";
        }

        return variables;
    }

    /// <summary>Notes a step.</summary>
    /// <param name="text">As <c>docker history</c> shows it.</param>
    /// <param name="record">Its result.</param>
    /// <param name="layer">The layer that it made, or null.</param>
    public void Add(string text, CacheRecord record, StageLayer? layer)
    {
        var step = new JsonObject { ["created"] = Time(record.Created), ["created_by"] = text };
        Records.Add(record with { ChainId = layer?.ChainId.ToString(), DiffId = layer?.DiffId.ToString() });
        if (layer is null)
        {
            step["empty_layer"] = true;
        }
        else
        {
            Layers.Add(layer);
        }

        History.Add(step);
        Created = record.Created;
    }

    /// <summary>The configuration of an image that is this (image-spec, <c>config.md</c>). The same state gives the same bytes.</summary>
    /// <param name="withCache">True to put the results of the steps in it: see <see cref="InlineCache"/>.</param>
    public byte[] ToConfiguration(bool withCache = false)
    {
        var document = new JsonObject
        {
            ["created"] = Time(Created),
            ["architecture"] = Platform.Architecture,
            ["os"] = Platform.Os,
            ["config"] = Settings.Document.DeepClone(),
            ["rootfs"] = new JsonObject
            {
                ["type"] = "layers",
                ["diff_ids"] = new JsonArray([.. Layers.Select(layer => (JsonNode)layer.DiffId.ToString())]),
            },
            ["history"] = new JsonArray([.. History.Select(step => step.DeepClone())]),
        };
        if (Platform.Variant is { } variant)
        {
            document["variant"] = variant;
        }

        if (Author is { } author)
        {
            document["author"] = author;
        }

        if (withCache)
        {
            InlineCache.Write(document, this);
        }

        return Encoding.UTF8.GetBytes(document.ToJsonString());
    }

    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffff00Z", CultureInfo.InvariantCulture);
}
