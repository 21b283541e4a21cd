namespace Portal.Web.Encryption.Age;

/// <summary>What was to be decrypted is not what it should be, or not for this key.</summary>
internal sealed class AgeException(string message, Exception? inner = null) : Exception(message, inner);
