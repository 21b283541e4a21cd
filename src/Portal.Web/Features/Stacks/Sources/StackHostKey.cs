namespace Portal.Web.Features.Stacks.Sources;

/// <summary>A key that a server of ssh showed.</summary>
/// <param name="Line">As it is entered to accept it.</param>
/// <param name="Type">As <c>ssh-ed25519</c>.</param>
/// <param name="Fingerprint">As the server's own pages show it.</param>
public sealed record StackHostKey(string Line, string Type, string Fingerprint);
