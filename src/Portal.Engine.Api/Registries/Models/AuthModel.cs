using System.Text.Json.Serialization;

namespace Portal.Engine.Api.Registries.Models;

/// <summary>Credentials as <c>POST /auth</c> and the header <c>X-Registry-Auth</c> carry them (Docker's <c>AuthConfig</c>).</summary>
internal sealed class AuthModel
{
    [JsonPropertyName("username")]
    public string Username { get; set; } = "";

    [JsonPropertyName("password")]
    public string Password { get; set; } = "";

    /// <summary>User name and password in one, base64, in place of the two.</summary>
    [JsonPropertyName("auth")]
    public string Auth { get; set; } = "";

    [JsonPropertyName("serveraddress")]
    public string ServerAddress { get; set; } = "";

    [JsonPropertyName("identitytoken")]
    public string IdentityToken { get; set; } = "";

    [JsonPropertyName("registrytoken")]
    public string RegistryToken { get; set; } = "";
}
