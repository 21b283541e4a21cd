using System.Text.Json.Serialization;

namespace Portal.Engine.Distribution.Logins;

/// <summary>A login as it is encrypted. No record, so that no log can print it by accident.</summary>
internal sealed class StoredLogin(string username, string password, string identityToken)
{
    public string Username { get; } = username;

    public string Password { get; } = password;

    public string IdentityToken { get; } = identityToken;
}

[JsonSerializable(typeof(StoredLogin))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class LoginJson : JsonSerializerContext;
