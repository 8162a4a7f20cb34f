/** GET /api/version, as far as the extension looks at it. */
export interface VersionDto {
  readonly version: string;
  readonly minimumAddonVersion: string;
  readonly minimumExtensionVersion: string;
}
