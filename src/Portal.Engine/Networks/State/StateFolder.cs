using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Portal.Engine.Storage;

namespace Portal.Engine.Networks.State;

/// <summary>A folder with one JSON file an object, each written atomically. Names are ids and are checked.</summary>
/// <param name="path">The folder; made when needed.</param>
/// <param name="durable">True when the files must survive a power cut.</param>
/// <param name="type">How to read and write an object.</param>
/// <param name="files">Writes.</param>
/// <param name="defaults">What an object has that an earlier version did not write.</param>
internal sealed class StateFolder<T>(string path, bool durable, JsonTypeInfo<T> type, IDurableFiles files, T defaults)
    where T : class
{
    // A record holds at most a few hundred published ports; what is larger was not written by us.
    private const long MaximumLength = 4 << 20;
    private const string Extension = ".json";

    /// <summary>Writes an object.</summary>
    public void Save(string id, T value)
    {
        var file = PathOf(id);
        Directory.CreateDirectory(path);
        files.WriteAtomically(file, JsonSerializer.SerializeToUtf8Bytes(value, type), durable);
    }

    /// <summary>Removes an object's file. Does nothing when there is none.</summary>
    public void Delete(string id)
    {
        if (Directory.Exists(path))
        {
            File.Delete(PathOf(id));
        }
    }

    /// <summary>Reads all; an object that can't be read comes as null under its id.</summary>
    public IReadOnlyDictionary<string, T?> Load()
    {
        var found = new Dictionary<string, T?>(StringComparer.Ordinal);
        if (!Directory.Exists(path))
        {
            return found;
        }

        foreach (var file in new DirectoryInfo(path).EnumerateFiles("*" + Extension))
        {
            // A temporary file of a write that was cut off starts with a dot.
            var id = Path.GetFileNameWithoutExtension(file.Name);
            if (SandboxIds.IsValid(id))
            {
                found[id] = Read(file);
            }
        }

        return found;
    }

    private T? Read(FileInfo file)
    {
        if (file.Length > MaximumLength)
        {
            return null;
        }

        try
        {
            return JsonDefaults.Read(File.ReadAllBytes(file.FullName), defaults, type);
        }
        catch (JsonException)
        {
            // Null tells the caller, who knows whether that is a loss and says so.
            return null;
        }
    }

    private string PathOf(string id) => Path.Combine(path, SandboxIds.Check(id) + Extension);
}
