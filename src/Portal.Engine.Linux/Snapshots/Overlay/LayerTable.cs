using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Portal.Engine.Errors;
using Portal.Engine.Storage;

namespace Portal.Engine.Linux.Snapshots.Overlay;

/// <summary>
/// The committed layers, read from the disk once and kept in memory as an immutable map that is swapped. A folder in
/// <c>layers/</c> is a committed layer; everything else is not.
/// </summary>
internal sealed partial class LayerTable
{
    private const string RecordName = "layer.json";
    private const string FlushedName = "flushed";
    private const string DiffName = "diff";
    private readonly OverlayPaths _paths;
    private readonly Trash _trash;
    private readonly IDurableFiles _files;
    private readonly ILogger _logger;
    private readonly string _bootId = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
    private readonly Lock _gate = new();
    private ImmutableDictionary<string, LayerRecord> _layers = ImmutableDictionary<string, LayerRecord>.Empty;
    private long _lastShortId;

    public LayerTable(OverlayPaths paths, Trash trash, IDurableFiles files, ILogger logger)
    {
        _paths = paths;
        _trash = trash;
        _files = files;
        _logger = logger;
        Read();
    }

    public IReadOnlyDictionary<string, LayerRecord> All => _layers;

    public LayerRecord Get(string chainId)
    {
        return _layers.GetValueOrDefault(chainId)
            ?? throw EngineException.NotFound($"The layer {chainId} is not here. Pull or load the image again.");
    }

    /// <summary>A name that no layer has or had while this process runs; short, because mount options hold many.</summary>
    public string NewShortId() => Interlocked.Increment(ref _lastShortId).ToString("x", CultureInfo.InvariantCulture);

    /// <summary>The path of a layer's files, relative to <see cref="OverlayPaths.Layers"/>.</summary>
    public static string RelativeDiff(LayerRecord layer) => $"{layer.ShortId}/{DiffName}";

    public string DiffPath(LayerRecord layer) => Path.Combine(_paths.Layers, layer.ShortId, DiffName);

    public static string StagedDiff(string staging) => Path.Combine(staging, DiffName);

    /// <summary>A layer with all below it, topmost first.</summary>
    public IReadOnlyList<LayerRecord> Chain(string? chainId)
    {
        var chain = new List<LayerRecord>();
        for (var next = chainId; next is not null; next = chain[^1].Parent)
        {
            chain.Add(Get(next));
        }

        return chain;
    }

    /// <summary>The chain ids of a layer and of those below it, as far as they are here: layers of a pull come in any order.</summary>
    public IEnumerable<string> Lineage(string chainId)
    {
        for (var next = _layers.GetValueOrDefault(chainId); next is not null; next = Below(next))
        {
            yield return next.ChainId;
        }
    }

    /// <summary>Makes a staged layer visible.</summary>
    public void Commit(string staging, LayerRecord layer)
    {
        var record = layer with { BootId = _bootId, ShortId = Path.GetFileName(staging) };
        var content = JsonSerializer.SerializeToUtf8Bytes(record, OverlayJson.Default.LayerRecord);
        _files.WriteAtomically(Path.Combine(staging, RecordName), content, durable: false);
        lock (_gate)
        {
            Directory.Move(staging, Path.Combine(_paths.Layers, record.ShortId));
            _layers = _layers.SetItem(record.ChainId, record);
        }
    }

    /// <summary>Marks layers whose content is on the disk.</summary>
    public void MarkFlushed(IEnumerable<LayerRecord> layers)
    {
        foreach (var layer in layers)
        {
            File.WriteAllBytes(Path.Combine(_paths.Layers, layer.ShortId, FlushedName), []);
            lock (_gate)
            {
                _layers = _layers.SetItem(layer.ChainId, layer with { IsFlushed = true });
            }
        }
    }

    /// <summary>Takes a layer out of sight; the caller empties the trash.</summary>
    public void Discard(LayerRecord layer)
    {
        lock (_gate)
        {
            _layers = _layers.Remove(layer.ChainId);
            Directory.Move(Path.Combine(_paths.Layers, layer.ShortId), _trash.NewPath($"layer-{layer.ShortId}"));
        }
    }

    /// <summary>True while it is this very folder: one that was removed and unpacked again meanwhile is another.</summary>
    public bool IsHere(LayerRecord layer) => _layers.GetValueOrDefault(layer.ChainId)?.ShortId == layer.ShortId;

    /// <summary>What is wrong with the record of a layer, as a sentence; null when nothing is, or when it is gone.</summary>
    public string? FindProblem(LayerRecord layer)
    {
        var isRead = TryRead(Path.Combine(_paths.Layers, layer.ShortId));
        var expected = layer.Parent is null ? layer.DiffId : Chain(layer.Parent, layer.DiffId);
        return !IsHere(layer) ? null
            : isRead is null || isRead.ChainId != layer.ChainId || isRead.DiffId != layer.DiffId || isRead.Parent != layer.Parent
                ? $"The record of the layer {layer.ChainId} is missing or was changed."
            : expected != layer.ChainId ? $"The layer {layer.ChainId} is recorded under a wrong chain id."
            : Directory.Exists(DiffPath(layer)) ? null
            : $"The files of the layer {layer.ChainId} are gone.";
    }

    private static string Chain(string parent, string diffId) =>
        $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"{parent} {diffId}")))}";

    private LayerRecord? Below(LayerRecord layer) => layer.Parent is null ? null : _layers.GetValueOrDefault(layer.Parent);

    private void Read()
    {
        var layers = ImmutableDictionary.CreateBuilder<string, LayerRecord>();
        foreach (var folder in Directory.EnumerateDirectories(_paths.Layers))
        {
            var shortId = Path.GetFileName(folder);
            if (long.TryParse(shortId, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var number))
            {
                _lastShortId = Math.Max(_lastShortId, number);
            }

            if (TryRead(folder) is { } layer && layers.TryAdd(layer.ChainId, layer))
            {
                continue;
            }

            LogDropped(shortId);
            Directory.Move(folder, _trash.NewPath($"layer-{shortId}"));
        }

        _layers = layers.ToImmutable();
    }

    private LayerRecord? TryRead(string folder)
    {
        try
        {
            var content = File.ReadAllBytes(Path.Combine(folder, RecordName));
            var layer = JsonSerializer.Deserialize(content, OverlayJson.Default.LayerRecord);
            var isFlushed = File.Exists(Path.Combine(folder, FlushedName));
            return layer is not null && (isFlushed || layer.BootId == _bootId)
                ? layer with { ShortId = Path.GetFileName(folder), IsFlushed = isFlushed }
                : null;
        }
        catch (Exception failure) when (failure is JsonException or IOException)
        {
            LogUnreadable(failure, folder);
            return null;
        }
    }
}
