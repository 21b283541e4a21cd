using System.Security.Cryptography;
using System.Text.Json;

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
    public ECDsa LoadKey()
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(KeyPath));
            return key;
        }
        catch (Exception failure) when (failure is IOException or ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new LinkException(
                $"'{KeyPath}' can't be read. Run 'leave', then join again with a new token.", LinkProblem.Refused, failure);
        }
    }

    public void Save(AgentIdentity identity, ECDsa key)
    {
        Write(KeyPath, System.Text.Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
        Write(IdentityPath, JsonSerializer.SerializeToUtf8Bytes(identity, s_format));
    }

    /// <summary>Forgets both.</summary>
    public void Delete()
    {
        File.Delete(IdentityPath);
        File.Delete(KeyPath);
    }

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
