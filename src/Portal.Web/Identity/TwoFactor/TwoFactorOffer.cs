namespace Portal.Web.Identity.TwoFactor;

/// <summary>A key for an authenticator app that is not in use yet.</summary>
/// <param name="Key">In base32, as it is typed by who can't take a picture.</param>
/// <param name="Uri">What the QR code says: <c>otpauth://totp/...</c>.</param>
/// <param name="Ticket">Carries the key through the form, encrypted, for a quarter of an hour.</param>
internal sealed record TwoFactorOffer(string Key, string Uri, string Ticket);
