import js from "@eslint/js";
import globals from "globals";
import tseslint from "typescript-eslint";

export default tseslint.config(
  js.configs.recommended,
  ...tseslint.configs.recommended,
  { rules: { "@typescript-eslint/no-explicit-any": "error", eqeqeq: "error" } },
  { files: ["client/**/*.mjs"], languageOptions: { globals: globals.node } },
);
