using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace Portal.Data.Keys;

/// <summary>Encrypts and decrypts the secret parts of data-protection keys with the <see cref="KeyFile"/>, by AES-256-GCM.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class KeyFileCipher(KeyFile file) : IXmlEncryptor
{
    public const string ElementName = "portalKeyFile";
    public const string KeyAttribute = "key";
    private const int NonceSize = 12;
    private const int TagSize = 16;

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var plain = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var sealedBytes = new byte[NonceSize + TagSize + plain.Length];
        var nonce = sealedBytes.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using (var aes = new AesGcm(file.Value, TagSize))
        {
            aes.Encrypt(
                nonce, plain, sealedBytes.AsSpan(NonceSize + TagSize), sealedBytes.AsSpan(NonceSize, TagSize), Associated(file.Id));
        }

        CryptographicOperations.ZeroMemory(plain);
        var element = new XElement(ElementName, new XAttribute(KeyAttribute, file.Id), Convert.ToBase64String(sealedBytes));
        return new EncryptedXmlInfo(element, typeof(KeyFileXmlDecryptor));
    }

    /// <exception cref="CryptographicException">Another key made it, or it is damaged.</exception>
    public XElement Decrypt(XElement encryptedElement)
    {
        if (encryptedElement.Name != ElementName || (string?)encryptedElement.Attribute(KeyAttribute) != file.Id)
        {
            throw new CryptographicException($"A data-protection key was encrypted with another key than that of '{file.Path}'.");
        }

        try
        {
            var sealedBytes = Convert.FromBase64String(encryptedElement.Value);
            var plain = new byte[Math.Max(0, sealedBytes.Length - NonceSize - TagSize)];
            using var aes = new AesGcm(file.Value, TagSize);
            aes.Decrypt(
                sealedBytes.AsSpan(0, NonceSize), sealedBytes.AsSpan(NonceSize + TagSize), sealedBytes.AsSpan(NonceSize, TagSize), plain,
                Associated(file.Id));
            return XElement.Parse(Encoding.UTF8.GetString(plain));
        }
        catch (Exception failure) when (failure is FormatException or ArgumentException or XmlException)
        {
            throw new CryptographicException("An encrypted data-protection key is damaged.", failure);
        }
    }

    private static byte[] Associated(string key) => Encoding.ASCII.GetBytes($"portal data-protection {key}");
}
