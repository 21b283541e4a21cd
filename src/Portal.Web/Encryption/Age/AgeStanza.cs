namespace Portal.Web.Encryption.Age;

/// <summary>The key of a file, wrapped for one recipient, as it stands in the head of the file.</summary>
internal sealed record AgeStanza(IReadOnlyList<string> Arguments, byte[] Body);
