using System.Security.Cryptography;
using System.Text.Json;
using Portal.Agent.Hosting;

namespace Portal.Agent.Link;

/// <summary>
/// Keeps identity and private key under <c>$PORTAL_DATA/agent</c>. The key comes first and the identity last, so that an identity that is
/// there is complete.
/// </summary>
internal sealed class IdentityStore
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly JsonSerializerOptions s_format = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private readonly string _folder;

    public IdentityStore(string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
    }

    /// <summary>The folder that changes when the agent joins or leaves.</summary>
    public string Folder => _folder;

    private string IdentityPath => Path.Combine(_folder, "identity.json");

    private string KeyPath => Path.Combine(_folder, "key.pem");

    private string NextKeyPath => Path.Combine(_folder, "key.next.pem");

    /// <summary>Whether a rotation of the key was begun and not finished.</summary>
    public bool HasNextKey => File.Exists(NextKeyPath);

    /// <summary>The identity, or null while the agent has not joined.</summary>
    /// <exception cref="LinkException">The file is damaged; definite.</exception>
    public AgentIdentity? Load()
    {
        try
        {
            return JsonSerializer.Deserialize<AgentIdentity>(File.ReadAllBytes(IdentityPath), s_format)
                ?? throw new JsonException("null");
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException failure)
        {
            throw new LinkException(
                $"'{IdentityPath}' is damaged. Run 'leave', then join again with a new token.", LinkProblem.Refused, failure);
        }
    }

    /// <summary>The private key that belongs to the identity. The caller disposes it.</summary>
    /// <exception cref="LinkException">It is not there or damaged; definite.</exception>
    public ECDsa LoadKey() => Read(KeyPath, "Run 'leave', then join again with a new token.");

    /// <summary>The key of a rotation that was begun, or null. The caller disposes it.</summary>
    /// <exception cref="LinkException">It is damaged; definite.</exception>
    public ECDsa? LoadNextKey() => HasNextKey ? Read(NextKeyPath, "Remove it: nothing signs in with it.") : null;

    /// <summary>The key that may be in force where one is refused: the one that has come in its place, or is about to. The caller disposes it.</summary>
    /// <returns>Null when there is none but that one.</returns>
    public ECDsa? LoadOtherKey(ECDsa refused)
    {
        using var held = Lock();
        var current = LoadKey();
        if (!IsSame(current, refused))
        {
            return current;
        }

        current.Dispose();
        return LoadNextKey();
    }

    /// <summary>
    /// Makes the key that shall come in the other's place, or finds the one that was made before: the portal may know that one already,
    /// so it is never replaced, only finished. The caller disposes it.
    /// </summary>
    public ECDsa BeginNextKey()
    {
        using var held = Lock();
        if (LoadNextKey() is { } begun)
        {
            return begun;
        }

        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Write(NextKeyPath, Export(key));
        return key;
    }

    /// <summary>Puts the key of a rotation in the other's place, once the portal has taken it. What others have finished is no error.</summary>
    public void FinishNextKey(ECDsa key)
    {
        using var held = Lock();
        using var begun = LoadNextKey();
        if (begun is not null && IsSame(begun, key))
        {
            File.Move(NextKeyPath, KeyPath, overwrite: true);
        }
    }

    public void Save(AgentIdentity identity, ECDsa key)
    {
        File.Delete(NextKeyPath);
        Write(KeyPath, Export(key));
        Save(identity);
    }

    /// <summary>Keeps another identity for the key that is there.</summary>
    public void Save(AgentIdentity identity) => Write(IdentityPath, JsonSerializer.SerializeToUtf8Bytes(identity, s_format));

    /// <summary>Forgets all of it.</summary>
    public void Delete()
    {
        File.Delete(IdentityPath);
        File.Delete(NextKeyPath);
        File.Delete(KeyPath);
    }

    // Held for the time of a file's writing, between the agent and a command beside it. The kernel lets go of it with the process.
    private AgentLock Lock() =>
        SpinUntilTaken(Path.Combine(_folder, "key.lock"))
        ?? throw new LinkException($"Another command changes the key in '{_folder}'. Try again in a moment.", LinkProblem.Failing);

    private static AgentLock? SpinUntilTaken(string path)
    {
        AgentLock? taken = null;
        SpinWait.SpinUntil(() => (taken = AgentLock.TryTake(path)) is not null, TimeSpan.FromSeconds(2));
        return taken;
    }

    private static ECDsa Read(string path, string help)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(path));
            return key;
        }
        catch (Exception failure) when (failure is IOException or ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new LinkException($"'{path}' can't be read. {help}", LinkProblem.Refused, failure);
        }
    }

    private static bool IsSame(ECDsa one, ECDsa other) =>
        one.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(other.ExportSubjectPublicKeyInfo());

    private static byte[] Export(ECDsa key) => System.Text.Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n");

    private static void Write(string path, byte[] content)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly };
        using (var file = new FileStream(temporary, options))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
