using System.Collections.Concurrent;
using System.Formats.Tar;
using System.IO.Compression;
using Portal.Web.Nodes.Joining;

namespace Portal.Web.Nodes.Upgrades;

/// <summary>The agents that hosts can get from this portal, by kind of machine, as its release has them.</summary>
/// <remarks>Singleton; any thread. An archive is read again when it has changed, which is looked for every few seconds: pages ask for each node.</remarks>
internal sealed partial class AgentOffers(AgentFiles files, TimeProvider time, ILogger<AgentOffers> logger)
{
    // It is the first of them; the others are the program's and the runtime's.
    private const int EntriesLookedAt = 8;
    private const int LongestBuild = 100;

    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, (long Looked, DateTime Changed, AgentOffer? Offer)> _known = new(StringComparer.Ordinal);

    /// <summary>The one for a kind of machine.</summary>
    /// <param name="architecture">In Go's words: <c>amd64</c>.</param>
    /// <returns>Null when this portal has none.</returns>
    public AgentOffer? For(string architecture)
    {
        var name = architecture switch
        {
            "amd64" => "portal-agent-linux-x64.tar.gz",
            "arm64" => "portal-agent-linux-arm64.tar.gz",
            _ => null,
        };
        if (name is null)
        {
            return null;
        }

        if (_known.TryGetValue(name, out var known) && time.GetElapsedTime(known.Looked) < s_look)
        {
            return known.Offer;
        }

        var path = files.Find(name);
        var changed = path is null ? default : File.GetLastWriteTimeUtc(path);
        var offer = path is null ? null : known.Changed == changed ? known.Offer : Read(name, path);
        _known[name] = (time.GetTimestamp(), changed, offer);
        return offer;
    }

    private AgentOffer? Read(string name, string path)
    {
        try
        {
            var digest = files.ReadChecksum(name);
            var build = ReadBuild(path);
            return digest is null || build is null ? null : new AgentOffer(build, digest, new FileInfo(path).Length, path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            LogUnreadable(path, failure);
            return null;
        }
    }

    private static string? ReadBuild(string path)
    {
        using var file = File.OpenRead(path);
        using var plain = new GZipStream(file, CompressionMode.Decompress);
        using var reader = new TarReader(plain);
        for (var looked = 0; looked < EntriesLookedAt && reader.GetNextEntry() is { } entry; looked++)
        {
            if (entry is { Name: "./BUILD" or "BUILD", DataStream: { } data, Length: <= LongestBuild })
            {
                using var text = new StreamReader(data);
                return text.ReadToEnd().Trim();
            }
        }

        return null;
    }

    [LoggerMessage(2180, LogLevel.Error, "The agent for other hosts, '{Path}', can't be read. Nodes can't be upgraded to it.")]
    private partial void LogUnreadable(string path, Exception failure);
}
